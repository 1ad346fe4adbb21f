using System.Net;
using CsCheck;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class OutboundAddressTests
{
    [Theory]
    [InlineData("8.8.8.8", "Public")]
    [InlineData("1.1.1.1", "Public")]
    [InlineData("0.0.0.0", "Unspecified")]
    [InlineData("0.1.2.3", "Unspecified")]
    [InlineData("9.255.255.255", "Public")]
    [InlineData("10.0.0.0", "Private")]
    [InlineData("10.255.255.255", "Private")]
    [InlineData("11.0.0.0", "Public")]
    [InlineData("100.63.255.255", "Public")]
    [InlineData("100.64.0.0", "Shared")]
    [InlineData("100.100.100.200", "Shared")]
    [InlineData("100.127.255.255", "Shared")]
    [InlineData("100.128.0.0", "Public")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.255.255.254", "Loopback")]
    [InlineData("168.63.129.16", "CloudPlatform")]
    [InlineData("168.63.129.17", "Public")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("169.255.0.0", "Public")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.16.0.0", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("192.0.0.192", "Reserved")]
    [InlineData("192.0.2.1", "Reserved")]
    [InlineData("192.88.99.1", "Reserved")]
    [InlineData("192.168.0.1", "Private")]
    [InlineData("192.169.0.0", "Public")]
    [InlineData("198.18.0.1", "Reserved")]
    [InlineData("198.19.255.255", "Reserved")]
    [InlineData("198.20.0.0", "Public")]
    [InlineData("198.51.100.7", "Reserved")]
    [InlineData("203.0.113.7", "Reserved")]
    [InlineData("223.255.255.255", "Public")]
    [InlineData("224.0.0.1", "Multicast")]
    [InlineData("239.255.255.255", "Multicast")]
    [InlineData("240.0.0.1", "Reserved")]
    [InlineData("255.255.255.255", "Broadcast")]
    [InlineData("::", "Unspecified")]
    [InlineData("::1", "Loopback")]
    [InlineData("::2", "Unspecified")]
    [InlineData("::7f00:1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::ffff:169.254.169.254", "LinkLocal")]
    [InlineData("::ffff:8.8.8.8", "Public")]
    [InlineData("::ffff:0:10.0.0.1", "Private")]
    [InlineData("64:ff9b::10.0.0.1", "Private")]
    [InlineData("64:ff9b::8.8.8.8", "Public")]
    [InlineData("64:ff9b:1::10.0.0.1", "Reserved")]
    [InlineData("100::1", "Reserved")]
    [InlineData("2001:0:4136:e378:8000:63bf:f5ff:fffe", "Private")]
    [InlineData("2001:2::1", "Reserved")]
    [InlineData("2001:10::1", "Reserved")]
    [InlineData("2001:db8::1", "Reserved")]
    [InlineData("2001:4860:4860::8888", "Public")]
    [InlineData("2002:0a00:0001::1", "Private")]
    [InlineData("2002:a9fe:a9fe::", "LinkLocal")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("3fff::1", "Reserved")]
    [InlineData("5f00::1", "Reserved")]
    [InlineData("4000::1", "Reserved")]
    [InlineData("fd00:ec2::254", "Private")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fe80::1%1", "LinkLocal")]
    [InlineData("fec0::1", "Private")]
    [InlineData("ff02::1", "Multicast")]
    public void Verdict_OnEachAddress_ReturnsItsKindAndAllowsOnlyPublicOnes(string address, string kind) =>
        Assert.Equal(
            new AddressVerdict(Enum.Parse<AddressKind>(kind), kind == "Public"), OutboundAddress.Verdict(IPAddress.Parse(address), []));

    [Theory]
    [InlineData("10.1.2.3", "10.1.0.0/16", true)]
    [InlineData("10.2.2.3", "10.1.0.0/16", false)]
    [InlineData("::ffff:10.1.2.3", "10.1.0.0/16", true)]
    [InlineData("169.254.169.254", "169.254.0.0/16", true)]
    [InlineData("::1", "::1/128", true)]
    [InlineData("::1", "127.0.0.0/8", false)]
    [InlineData("fd12::1", "fd12::/16", true)]
    [InlineData("0.0.0.0", "0.0.0.0/8", false)]
    [InlineData("255.255.255.255", "255.0.0.0/8", false)]
    [InlineData("224.0.0.1", "224.0.0.0/8", false)]
    [InlineData("::", "::/8", false)]
    public void Verdict_WithAnAllowedNetwork_AllowsItsAddresses(string address, string network, bool isAllowed) =>
        Assert.Equal(isAllowed, OutboundAddress.Verdict(IPAddress.Parse(address), [IPNetwork.Parse(network)]).IsAllowed);

    [Fact]
    public void Verdict_OfEveryFormWithAnIPv4Address_IsThatOfTheIPv4Address()
    {
        IPNetwork[][] policies = [[], [IPNetwork.Parse("10.0.0.0/8")], [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("192.168.0.0/16")]];
        // Half of them near the edges of the ranges, where mistakes are likely.
        var address = Gen.OneOf(
            Gen.Byte.Array[4],
            Gen.Select(Gen.Int[0, AddressRanges.V4.Length - 1], Gen.Byte)
                .Select((i, last) => (byte[])[.. AddressRanges.V4[i].Network.BaseAddress.GetAddressBytes()[..3], last]));
        Gen.Select(address, Gen.Byte.Array[16], Gen.Int[0, policies.Length - 1]).Sample((v4, noise, policy) =>
        {
            var allowed = policies[policy];
            var own = OutboundAddress.Verdict(new IPAddress(v4), allowed);
            foreach (var form in Forms(v4, noise))
                Assert.Equal((own, form), (OutboundAddress.Verdict(form, allowed), form));
        });
    }

    private static IEnumerable<IPAddress> Forms(byte[] v4, byte[] noise)
    {
        yield return new IPAddress(v4).MapToIPv6();
        yield return new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, .. v4]);
        yield return new IPAddress([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]);
        yield return new IPAddress([0x20, 0x02, .. v4, .. noise[..10]]);
        yield return new IPAddress([0x20, 0x01, 0, 0, .. noise[..8], .. v4.Select(part => (byte)~part)]);
        // The two addresses that are pure IPv6: "::" and "::1".
        if (v4 is not [0, 0, 0, 0 or 1])
            yield return new IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. v4]);
    }
}
