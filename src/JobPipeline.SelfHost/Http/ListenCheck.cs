using System.Net;
using System.Net.Sockets;

namespace JobPipeline.SelfHost.Http;

/// <summary>
/// Looks at start whether the API's address can be listened on. The web server is the last service to start: without this
/// look, the listener would have taken jobs before a taken port ends the process.
/// </summary>
internal static class ListenCheck
{
    /// <summary>Why nobody can listen there; null when it is free, or where that is left to the server.</summary>
    public static string? FaultOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Port is 0 or < 0)
            return null;
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Try(IPAddress.Loopback, address.Port) is { } wrong ? ListenFault.Explain(wrong, url)
                : Try(IPAddress.IPv6Loopback, address.Port) is SocketError.AddressAlreadyInUse
                    ? ListenFault.Explain(SocketError.AddressAlreadyInUse, url)
                : null;
        }

        // The server takes a name for "every address of this machine" and needs no look-up.
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && Try(ip, address.Port) is { } error
            ? ListenFault.Explain(error, url) : null;
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
