using System.Net;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>Resolves the addresses of a host.</summary>
internal interface IHostResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The host is unknown, or name resolution failed.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Resolves with the operating system.</summary>
internal sealed class DnsHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
