using System.Net;
using System.Net.Sockets;

namespace JobPipeline.SelfHost.Http;

/// <summary>
/// Checks at start whether the API's address can be bound. The web server is the last service to start; without this check, the
/// queue listener would already have received jobs when a port in use ends the process.
/// </summary>
internal static class ListenCheck
{
    /// <summary>Explains why the address can't be bound; null if it can, or if only the web server can determine that.</summary>
    public static string? ErrorOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Port is 0 or < 0)
            return null;
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Try(IPAddress.Loopback, address.Port) is { } wrong ? ListenErrors.Explain(wrong, url)
                : Try(IPAddress.IPv6Loopback, address.Port) is SocketError.AddressAlreadyInUse
                    ? ListenErrors.Explain(SocketError.AddressAlreadyInUse, url)
                : null;
        }

        // The web server interprets a host name as all addresses of this machine, without a look-up.
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && Try(ip, address.Port) is { } error
            ? ListenErrors.Explain(error, url) : null;
    }

    private static SocketError? Try(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
