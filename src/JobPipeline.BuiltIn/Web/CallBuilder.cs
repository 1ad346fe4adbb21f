using System.Diagnostics;
using System.Text;
using System.Text.Json;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Makes the first request of a payload.</summary>
internal sealed class CallBuilder(WebConnections connections)
{
    private const string ContentType = "Content-Type";
    private const string IdempotencyKey = "Idempotency-Key";
    private const string TraceParent = "traceparent";

    /// <exception cref="JobRejectedException">The connection is unknown, or not for that address.</exception>
    public HttpCall Build(HttpRequestPayload payload, JobContext context)
    {
        var connection = payload.Connection is { } name ? connections.Find(name) : null;
        var uri = AddressOf(payload.Url, connection);
        if (connection?.IsFor(uri) == false)
            throw new JobRejectedException(
                $"The connection '{connection.Name}' is not for {uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}; its hosts are listed in {BuiltInOptions.Section}:{nameof(BuiltInOptions.Connections)}:{connection.Name}.");
        var method = new HttpMethod(payload.Method.ToUpperInvariant());
        return new HttpCall(method, uri, [.. HeadersOf(payload, method, context)], BodyOf(payload.Body), connection);
    }

    private static Uri AddressOf(string url, WebConnection? connection) =>
        PayloadRules.IsAbsolute(url) ? new Uri(url)
        : connection?.At(url) ?? throw new JobRejectedException($"The connection '{connection?.Name}' has no BaseAddress that a path could belong to.");

    /// <summary>The job's id is the same in every attempt: a peer that knows the header does the work of an unsafe request once.</summary>
    private static Dictionary<string, string> HeadersOf(HttpRequestPayload payload, HttpMethod method, JobContext context)
    {
        var headers = new Dictionary<string, string>(payload.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
        if (payload.Body is { } body)
            headers.TryAdd(ContentType, payload.ContentType ?? (body.ValueKind == JsonValueKind.String ? "text/plain; charset=utf-8" : "application/json"));
        if (method.Method is not ("GET" or "HEAD" or "OPTIONS"))
            headers.TryAdd(IdempotencyKey, context.JobId.ToString());
        // With an activity of its own around, the handler of the connection tells the peer about that.
        if (Activity.Current is null && ActivityContext.TryParse(context.TraceParent, null, out _))
            headers.TryAdd(TraceParent, context.TraceParent!);
        return headers;
    }

    private static ReadOnlyMemory<byte>? BodyOf(JsonElement? body) =>
        body is { } value ? Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()) : null;
}
