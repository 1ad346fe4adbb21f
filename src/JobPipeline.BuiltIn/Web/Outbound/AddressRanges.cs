using System.Net;
using static JobPipeline.BuiltIn.Web.Outbound.AddressKind;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// The special-purpose address registries of IANA (RFC 6890 and its successors). The first range that contains an address determines its
/// kind.
/// </summary>
internal static class AddressRanges
{
    public static readonly (IPNetwork Network, AddressKind Kind)[] V4 = Of(
        ("0.0.0.0/8", Unspecified),
        ("10.0.0.0/8", Private),
        ("100.64.0.0/10", Shared),
        ("127.0.0.0/8", Loopback),
        ("168.63.129.16/32", CloudPlatform),
        ("169.254.0.0/16", LinkLocal),
        ("172.16.0.0/12", Private),
        ("192.0.0.0/24", Reserved),
        ("192.0.2.0/24", Reserved),
        ("192.88.99.0/24", Reserved),
        ("192.168.0.0/16", Private),
        ("198.18.0.0/15", Reserved),
        ("198.51.100.0/24", Reserved),
        ("203.0.113.0/24", Reserved),
        ("224.0.0.0/4", Multicast),
        ("255.255.255.255/32", Broadcast),
        ("240.0.0.0/4", Reserved),
        ("0.0.0.0/0", Public));

    // Only 2000::/3 is assigned as global unicast; everything else is blocked, known or not.
    public static readonly (IPNetwork Network, AddressKind Kind)[] V6 = Of(
        ("::/128", Unspecified),
        ("::1/128", Loopback),
        ("fe80::/10", LinkLocal),
        ("fec0::/10", Private),
        ("fc00::/7", Private),
        ("ff00::/8", Multicast),
        ("2001::/23", Reserved),
        ("2001:db8::/32", Reserved),
        ("3fff::/20", Reserved),
        ("2000::/3", Public),
        ("::/0", Reserved));

    private static (IPNetwork Network, AddressKind Kind)[] Of(params (string Network, AddressKind Kind)[] ranges) =>
        Array.ConvertAll(ranges, range => (IPNetwork.Parse(range.Network), range.Kind));
}
