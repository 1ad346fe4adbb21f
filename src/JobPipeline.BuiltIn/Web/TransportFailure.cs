using System.Net.Sockets;
using System.Security.Authentication;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>
/// Says in words of our own why an exchange broke off: the messages of the HTTP stack quote what the peer sent, and a peer
/// may have sent back what it was given.
/// </summary>
internal static class TransportFailure
{
    public static Exception Of(Exception error, string call) => error switch
    {
        JobRejectedException => error,
        _ when BlockedIn(error) is { } blocked => new JobRejectedException($"{call} is refused: {blocked.Message}"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new JobRejectedException($"{call} answered with more headers than are taken."),
        HttpRequestException http => new HttpRequestException(http.HttpRequestError, $"{call} failed: {Words(http.HttpRequestError, http.InnerException)}"),
        HttpIOException io => new HttpRequestException(io.HttpRequestError, $"{call} broke off: {Words(io.HttpRequestError, io.InnerException)}"),
        IOException io => new HttpRequestException(HttpRequestError.ResponseEnded, $"{call} broke off: {Words(HttpRequestError.ResponseEnded, io.InnerException)}"),
        // Neither the job's time nor the payload's is up, so it is the time for opening a connection.
        OperationCanceledException => new TimeoutException($"{call} could not be connected to in time."),
        _ => error,
    };

    private static OutboundBlockedException? BlockedIn(Exception? error)
    {
        while (error is not null and not OutboundBlockedException)
            error = error.InnerException;
        return error as OutboundBlockedException;
    }

    private static string Words(HttpRequestError kind, Exception? inner) => inner switch
    {
        SocketException socket => $"{kind} ({socket.SocketErrorCode})",
        IOException { InnerException: SocketException socket } => $"{kind} ({socket.SocketErrorCode})",
        AuthenticationException tls => $"{kind} ({tls.Message})",
        _ => $"{kind}",
    };
}
