using System.Text;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web;

/// <summary>The response of a peer, with the values of the connection's credentials redacted.</summary>
/// <param name="Call">The request, the last of its exchange.</param>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The redacted headers.</param>
/// <param name="RetryAfter">The unparsed values of the <c>Retry-After</c> header.</param>
/// <param name="Text">The body, or the beginning of the body of an unexpected status; empty if there is no body.</param>
/// <param name="Base64">The body if it is not text.</param>
internal sealed record HttpAnswer(
    HttpCall Call, int Status, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> RetryAfter, string? Text, string? Base64)
{
    /// <param name="call">The request.</param>
    /// <param name="response">Its response.</param>
    /// <param name="body">The body; null if the response can't have one, whatever its headers state.</param>
    /// <param name="secrets">The values to redact.</param>
    public static HttpAnswer From(HttpCall call, HttpResponseMessage response, ReadOnlyMemory<byte>? body, SecretValues? secrets)
    {
        string Scrub(string text) => secrets?.Scrub(text) ?? text;
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(
            header => header.Key,
            header => SensitiveHeaders.Contains(header.Key) ? SensitiveHeaders.Redacted : Scrub(string.Join(", ", header.Value)),
            StringComparer.OrdinalIgnoreCase);
        var retryAfter = response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToList() : [];
        if (body is not { } bytes)
            return new HttpAnswer(call, (int)response.StatusCode, headers, retryAfter, "", null);
        var text = ResponseBody.TextOf(bytes, response.Content.Headers);
        // Latin-1 has a character for every byte, so bytes are redacted as text and all others stay unchanged.
        var base64 = text is null ? Convert.ToBase64String(Encoding.Latin1.GetBytes(Scrub(Encoding.Latin1.GetString(bytes.Span)))) : null;
        return new HttpAnswer(call, (int)response.StatusCode, headers, retryAfter, text is null ? null : Scrub(text), base64);
    }
}
