using System.Net;
using System.Net.Sockets;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// Opens connections. It resolves a host once, checks every address of the result, and connects to these addresses: there is no
/// second resolution between check and use that could return other addresses (DNS rebinding).
/// </summary>
internal sealed class OutboundDialer(OutboundPolicy policy, IHostResolver resolver)
{
    private const string Setting = $"{OutboundOptions.Section}:{nameof(OutboundOptions.AllowedNetworks)}";

    /// <exception cref="OutboundBlockedException">One of the host's addresses may not be called, which blocks the whole host.</exception>
    /// <exception cref="SocketException">The host is unknown, or does not respond.</exception>
    public async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var addresses = await FindAsync(host, cancellationToken);
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            if (policy.Verdict(address) is { IsAllowed: false } verdict)
                throw new OutboundBlockedException(Objection(host, verdict));
        }

        return await ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        // RFC 6761: this name is loopback, whatever a resolver returns. Connections that allow plain http for it rely on that.
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return await resolver.ResolveAsync(host, cancellationToken);
    }

    private static async Task<Stream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var address = addresses[i].IsIPv4MappedToIPv6 ? addresses[i].MapToIPv4() : addresses[i];
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Describes the block without the resolved address, so that the sender of a job can't explore a private network.</summary>
    private static string Objection(string host, AddressVerdict verdict) => verdict.CanBeAllowed
        ? $"'{host}' resolves to an address that is not public ({verdict.Kind}), which jobs may not call. "
            + $"To allow it, list its network in {Setting}."
        : $"'{host}' resolves to an address that no setting allows ({verdict.Kind}).";
}
