using System.Diagnostics;
using System.Text;
using System.Text.Json;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Builds the first request of a payload.</summary>
internal sealed class CallBuilder(WebConnections connections)
{
    private const string ContentType = "Content-Type";
    private const string IdempotencyKey = "Idempotency-Key";
    private const string TraceParent = "traceparent";

    /// <exception cref="JobRejectedException">The connection is unknown, or does not allow the address.</exception>
    public HttpCall Build(HttpRequestPayload payload, JobContext context)
    {
        var connection = payload.Connection is { } name ? connections.Find(name) : null;
        var uri = AddressOf(payload.Url, connection);
        if (connection?.IsFor(uri) == false)
        {
            var server = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
            throw new JobRejectedException(
                $"The connection '{connection.Name}' does not allow {server}; its hosts are listed in "
                    + $"{BuiltInOptions.Section}:{nameof(BuiltInOptions.Connections)}:{connection.Name}.");
        }

        var method = new HttpMethod(payload.Method.ToUpperInvariant());
        return new HttpCall(method, uri, [.. HeadersOf(payload, method, context)], BodyOf(payload.Body), connection);
    }

    private static Uri AddressOf(string url, WebConnection? connection) =>
        HttpPayloadRules.IsAbsolute(url) ? new Uri(url)
        : connection?.At(url) ?? throw new JobRejectedException(
            $"'url' is a path, but the connection '{connection?.Name}' has no BaseAddress.");

    /// <summary>
    /// Returns the headers. The idempotency key is the job id, the same for every attempt, so a peer that supports the header runs an
    /// unsafe request once.
    /// </summary>
    private static Dictionary<string, string> HeadersOf(HttpRequestPayload payload, HttpMethod method, JobContext context)
    {
        var headers = new Dictionary<string, string>(
            payload.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
        if (payload.Body is { } body)
            headers.TryAdd(
                ContentType,
                payload.ContentType ?? (body.ValueKind == JsonValueKind.String ? "text/plain; charset=utf-8" : "application/json"));
        if (method.Method is not ("GET" or "HEAD" or "OPTIONS"))
            headers.TryAdd(IdempotencyKey, context.JobId.ToString());
        // With a current activity, the connection's handler propagates that activity instead.
        if (Activity.Current is null && ActivityContext.TryParse(context.TraceParent, null, out _))
            headers.TryAdd(TraceParent, context.TraceParent!);
        return headers;
    }

    private static ReadOnlyMemory<byte>? BodyOf(JsonElement? body) =>
        body is { } value
            ? Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText())
            : null;
}
