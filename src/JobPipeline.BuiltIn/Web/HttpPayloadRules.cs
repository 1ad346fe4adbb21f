using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using System.Text.Json;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Validates payloads before their address is checked. No message quotes a value that could be a secret.</summary>
internal static class HttpPayloadRules
{
    private const int MaxUrlLength = 8 * 1024;

    public static IEnumerable<ValidationResult> Flaws(HttpRequestPayload payload) =>
        All(payload).Where(flaw => flaw.Why is not null).Select(flaw => new ValidationResult(flaw.Why, [flaw.Member]));

    /// <summary>Whether the text is an absolute address rather than a path of a connection.</summary>
    public static bool IsAbsolute(string url) =>
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string? Why, string Member)> All(HttpRequestPayload payload)
    {
        yield return (OfMethod(payload.Method), nameof(payload.Method));
        yield return (OfUrl(payload.Url, payload.Connection), nameof(payload.Url));
        var headers = payload.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
            yield return (RequestHeaders.Flaw(name, value, ofPayload: true), nameof(payload.Headers));
        yield return (OfHeaders(headers, payload), nameof(payload.Headers));
        yield return (OfBody(payload), nameof(payload.Body));
        yield return (
            payload.ExpectedStatus.Count == 0 ? "'expectedStatus' must name at least one status" : null, nameof(payload.ExpectedStatus));
    }

    private static string? OfMethod(string method) =>
        !RequestHeaders.IsToken(method) || method.Length > 32 ? "'method' is not an HTTP method"
        : method.ToUpperInvariant() is "CONNECT" or "TRACE" or "TRACK" ? $"the method {method.ToUpperInvariant()} is not allowed"
        : null;

    private static string? OfUrl(string url, string? connection)
    {
        const string forms = "'url' must be an absolute http or https address or, with a 'connection', a path that begins with one '/'";
        if (url.Length > MaxUrlLength || url.Any(c => c is <= ' ' or '\\' or '\u007f'))
            return $"'url' must have at most {MaxUrlLength} characters without white space and backslashes; write it percent-encoded";
        if (!IsAbsolute(url))
            return connection is not null && url is ['/'] or ['/', not '/', ..] ? null : forms;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return forms;
        return uri.UserInfo.Length > 0 ? "'url' contains a user name or password; configure a connection for them" : null;
    }

    private static string? OfHeaders(IReadOnlyDictionary<string, string> headers, HttpRequestPayload payload)
    {
        if (headers.Count > RequestHeaders.MaxCount)
            return $"'headers' has {headers.Count} entries; the maximum is {RequestHeaders.MaxCount}";
        if (headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < headers.Count)
            return "'headers' contains a name twice";
        var hasContentHeader = headers.Keys.Any(name => name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));
        return hasContentHeader && (payload.Body is null || HeaderContentType(headers) is not null && payload.ContentType is not null)
            ? "'headers' describes a missing 'body', or repeats its 'contentType'"
            : null;
    }

    private static string? OfBody(HttpRequestPayload payload)
    {
        if (payload.Body is not { } body)
            return payload.ContentType is null ? null : "'contentType' requires a 'body'";
        if (payload.Method.ToUpperInvariant() is "GET" or "HEAD")
            return $"a {payload.Method.ToUpperInvariant()} request can't have a 'body'";
        if (!IsSendable(body))
            return "'body' contains an unpaired surrogate, which can't be encoded";
        return payload.ContentType is null
            || MediaTypeHeaderValue.TryParse(payload.ContentType, out _)
                && RequestHeaders.Flaw("Content-Type", payload.ContentType, ofPayload: true) is null
            ? null
            : "'contentType' is not a media type";
    }

    private static bool IsSendable(JsonElement body)
    {
        try
        {
            return body.ValueKind != JsonValueKind.String || body.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? HeaderContentType(IReadOnlyDictionary<string, string> headers) =>
        headers.FirstOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
}
