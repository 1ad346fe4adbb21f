using System.Net;
using System.Net.Sockets;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// Opens connections. It resolves once, judges every address of the answer, and dials those very addresses: between the
/// check and the use there is no second resolution that could answer otherwise (DNS rebinding).
/// </summary>
internal sealed class OutboundDialer(OutboundPolicy policy, IHostResolver resolver)
{
    private const string Setting = $"{OutboundOptions.Section}:{nameof(OutboundOptions.AllowedNetworks)}";

    /// <exception cref="OutboundBlockedException">One of the host's addresses may not be called: a host is judged as a whole.</exception>
    /// <exception cref="SocketException">There is no such host, or it does not answer.</exception>
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
        // RFC 6761: this name is loopback, whatever a resolver says. Connections rely on it when they take plain http for it.
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

    /// <summary>Names no address that the resolver found: whoever sent the job is not to learn a private network by it.</summary>
    private static string Objection(string host, AddressVerdict verdict) => verdict.CanBeAllowed
        ? $"'{host}' leads to an address that is not public ({verdict.Kind}), which jobs may not call. To allow it on purpose, list its network in {Setting}."
        : $"'{host}' leads to an address that no setting allows ({verdict.Kind}).";
}
