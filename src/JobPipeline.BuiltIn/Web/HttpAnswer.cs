using System.Text;
using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web;

/// <summary>What a peer answered, without any value of the connection's credentials.</summary>
/// <param name="Call">The request that it answers, the last of its exchange.</param>
/// <param name="Status">Its code.</param>
/// <param name="Headers">Redacted.</param>
/// <param name="RetryAfter">The values of the header that says when to come back, as they came.</param>
/// <param name="Text">The body, or the beginning of one that was not expected; empty where there is none.</param>
/// <param name="Base64">The body that is no text.</param>
internal sealed record HttpAnswer(
    HttpCall Call, int Status, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> RetryAfter, string? Text, string? Base64)
{
    /// <param name="call">The request.</param>
    /// <param name="response">Its answer.</param>
    /// <param name="body">Null: the answer can't have one, whatever its headers say of it.</param>
    /// <param name="secrets">What is taken out.</param>
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
        // Latin-1 has a character for every byte: bytes are scrubbed as text, and what is not a secret comes back as it was.
        var base64 = text is null ? Convert.ToBase64String(Encoding.Latin1.GetBytes(Scrub(Encoding.Latin1.GetString(bytes.Span)))) : null;
        return new HttpAnswer(call, (int)response.StatusCode, headers, retryAfter, text is null ? null : Scrub(text), base64);
    }
}
