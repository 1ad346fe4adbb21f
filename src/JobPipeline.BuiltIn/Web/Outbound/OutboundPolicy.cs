using System.Net;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// Decides which addresses jobs may call. The resolved addresses are checked when connecting, because a name does not
/// determine them.
/// </summary>
internal sealed class OutboundPolicy(IOptions<OutboundOptions> options)
{
    private static readonly PortRange[] WebPorts = [new(80, 80), new(443, 443)];

    private readonly HostPattern[] _hosts = [.. options.Value.AllowedHosts.Select(HostPattern.Parse)];
    private readonly IPNetwork[] _networks = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];
    private readonly PortRange[] _ports = options.Value.AllowedPorts is { Count: > 0 } ports
        ? [.. ports.Select(PortRange.Parse)]
        : WebPorts;

    /// <summary>Returns the reason why a request may not be sent to the address, or null if it may.</summary>
    public string? Objection(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return $"the scheme '{uri.Scheme}' is neither http nor https";
        if (uri.UserInfo.Length > 0)
            return "the address contains a user name or password; use a named connection for credentials";
        if (!Array.Exists(_ports, range => range.Contains(uri.Port)))
            return $"port {uri.Port} is not in {OutboundOptions.Section}:{nameof(OutboundOptions.AllowedPorts)}";
        return _hosts.Length == 0 || Array.Exists(_hosts, host => host.Matches(uri))
            ? null
            : $"the host '{uri.IdnHost}' is not in {OutboundOptions.Section}:{nameof(OutboundOptions.AllowedHosts)}";
    }

    public AddressVerdict Verdict(IPAddress address) => OutboundAddress.Verdict(address, _networks);
}
