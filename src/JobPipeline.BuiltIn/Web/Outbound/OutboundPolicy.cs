using System.Net;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>What jobs may call. An address is judged again when it is dialled: a name says nothing about where it leads.</summary>
internal sealed class OutboundPolicy(IOptions<OutboundOptions> options)
{
    private static readonly PortRange[] WebPorts = [new(80, 80), new(443, 443)];

    private readonly HostPattern[] _hosts = [.. options.Value.AllowedHosts.Select(HostPattern.Parse)];
    private readonly IPNetwork[] _networks = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];
    private readonly PortRange[] _ports = options.Value.AllowedPorts is { Count: > 0 } ports ? [.. ports.Select(PortRange.Parse)] : WebPorts;

    /// <summary>Why a request may not go there; null when it may.</summary>
    public string? Objection(Uri uri)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return $"the scheme '{uri.Scheme}' is neither http nor https";
        if (uri.UserInfo.Length > 0)
            return "the address holds a user name or password; credentials come from a named connection";
        if (!Array.Exists(_ports, range => range.Contains(uri.Port)))
            return $"port {uri.Port} is not in {OutboundOptions.Section}:{nameof(OutboundOptions.AllowedPorts)}";
        return _hosts.Length == 0 || Array.Exists(_hosts, host => host.Matches(uri))
            ? null
            : $"the host '{uri.IdnHost}' is not in {OutboundOptions.Section}:{nameof(OutboundOptions.AllowedHosts)}";
    }

    public AddressVerdict Verdict(IPAddress address) => OutboundAddress.Verdict(address, _networks);
}
