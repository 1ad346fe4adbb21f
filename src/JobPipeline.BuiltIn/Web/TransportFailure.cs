using System.Net.Sockets;
using System.Security.Authentication;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>
/// Describes a failed exchange in the pipeline's own words: the messages of the HTTP stack quote the peer, and a peer may have
/// repeated what it received.
/// </summary>
internal static class TransportFailure
{
    public static Exception Of(Exception error, string call) => error switch
    {
        JobRejectedException => error,
        _ when BlockedIn(error) is { } blocked => new JobRejectedException($"{call} was blocked: {blocked.Message}"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new JobRejectedException($"{call} returned headers that exceed the size limit."),
        HttpRequestException http =>
            new HttpRequestException(http.HttpRequestError, $"{call} failed: {Words(http.HttpRequestError, http.InnerException)}"),
        HttpIOException io =>
            new HttpRequestException(io.HttpRequestError, $"{call} was interrupted: {Words(io.HttpRequestError, io.InnerException)}"),
        IOException io => new HttpRequestException(
            HttpRequestError.ResponseEnded, $"{call} was interrupted: {Words(HttpRequestError.ResponseEnded, io.InnerException)}"),
        // Neither the job's nor the payload's timeout has elapsed, so it is the connect timeout.
        OperationCanceledException => new TimeoutException($"{call} could not connect in time."),
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
