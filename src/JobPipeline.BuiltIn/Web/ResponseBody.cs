using System.Net.Http.Headers;
using System.Text;
using JobPipeline.BuiltIn.Text;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Reads a body within its bound, and tells text from what is none.</summary>
internal static class ResponseBody
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>
    /// Whether an answer can have a body (RFC 9112, section 6.3). Where it can't, <c>Content-Length</c> speaks of what a GET
    /// would have brought.
    /// </summary>
    public static bool IsPossible(HttpMethod method, int status) => method != HttpMethod.Head && status is not (< 200 or 204 or 304);

    /// <exception cref="JobRejectedException">It is larger: no part of it is worth more than the news that it is not whole.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int maxBytes, string where, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
            throw TooLarge(maxBytes, where);
        var (bytes, isWhole) = await ReadUpToAsync(content, maxBytes, cancellationToken);
        return isWhole ? bytes : throw TooLarge(maxBytes, where);
    }

    /// <summary>At most that many bytes; false: there are more.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsWhole)> ReadUpToAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            var room = maxBytes - (int)kept.Length;
            kept.Write(chunk, 0, Math.Min(read, room));
            if (read > room)
                return (kept.ToArray(), false);
        }

        return (kept.ToArray(), true);
    }

    /// <summary>
    /// The text; null when the media type, an encoding on top or the bytes themselves say that it is none. A byte order mark
    /// outranks the charset; without either, UTF-8, or UTF-16 and UTF-32 where the zeros among the bytes give them away.
    /// </summary>
    public static string? TextOf(ReadOnlyMemory<byte> bytes, HttpContentHeaders headers)
    {
        var type = headers.ContentType;
        if (headers.ContentEncoding.Count > 0 || !IsText(type?.MediaType) || EncodingOf(bytes.Span, type?.CharSet) is not { } encoding)
            return null;
        try
        {
            var text = encoding.GetString(bytes.Span);
            return text is ['\uFEFF', ..] ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsText(string? mediaType) => mediaType?.ToLowerInvariant() is null
        or "application/json" or "application/xml" or "application/javascript" or "application/x-www-form-urlencoded" or "application/x-ndjson" or "application/graphql"
        || mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    private static Encoding? EncodingOf(ReadOnlySpan<byte> bytes, string? charset) =>
        TextSigns.OfMark(bytes)
        ?? (string.IsNullOrWhiteSpace(charset) ? TextSigns.OfZeros(bytes) ?? Charsets.Find("utf-8") : Charsets.Find(charset));

    private static JobRejectedException TooLarge(int maxBytes, string where) => new(
        $"{where} answered with a body of more than {maxBytes} bytes, the most that this job takes: see 'maxResponseBytes' and {Outbound.OutboundOptions.Section}:{nameof(Outbound.OutboundOptions.MaxResponseBytes)}.");
}
