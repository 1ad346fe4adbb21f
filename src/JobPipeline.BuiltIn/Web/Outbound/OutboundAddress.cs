using System.Net;
using System.Net.Sockets;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>Whether an address may be called, and its kind.</summary>
internal readonly record struct AddressVerdict(AddressKind Kind, bool IsAllowed)
{
    /// <summary>Whether a setting can allow the address.</summary>
    public bool CanBeAllowed => Kind is not (AddressKind.Unspecified or AddressKind.Multicast or AddressKind.Broadcast);
}

/// <summary>
/// Classifies addresses. An IPv6 form that embeds an IPv4 address for a gateway is classified by the embedded address, because a
/// router may deliver it there.
/// </summary>
internal static class OutboundAddress
{
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");
    private static readonly IPNetwork Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    public static AddressVerdict Verdict(IPAddress address, IReadOnlyList<IPNetwork> allowed)
    {
        if (CarriedBy(address) is { } carried)
            return Verdict(carried, allowed);
        var kind = KindOf(address);
        var verdict = new AddressVerdict(kind, kind == AddressKind.Public);
        return verdict.IsAllowed || !verdict.CanBeAllowed
            ? verdict
            : verdict with { IsAllowed = allowed.Any(network => network.Contains(address)) };
    }

    private static AddressKind KindOf(IPAddress address)
    {
        var ranges = address.AddressFamily == AddressFamily.InterNetwork ? AddressRanges.V4 : AddressRanges.V6;
        return Array.Find(ranges, range => range.Network.Contains(address)).Kind;
    }

    /// <summary>Returns the IPv4 address embedded in an IPv6 address, or null.</summary>
    private static IPAddress? CarriedBy(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6
            || address.Equals(IPAddress.IPv6Any)
            || address.Equals(IPAddress.IPv6Loopback))
            return null;
        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || Compatible.Contains(address) || Translated.Contains(address) || Nat64.Contains(address))
            return new IPAddress(bytes.AsSpan(12));
        if (SixToFour.Contains(address))
            return new IPAddress(bytes.AsSpan(2, 4));
        // RFC 4380: the client's address is at the end, inverted.
        return Teredo.Contains(address) ? new IPAddress([.. bytes[12..].Select(part => (byte)~part)]) : null;
    }
}
