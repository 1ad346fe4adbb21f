using System.Net.Http.Headers;
using System.Text;
using JobPipeline.BuiltIn.Text;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Reads a body up to its limit and distinguishes text from other content.</summary>
internal static class ResponseBody
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>
    /// Whether a response can have a body (RFC 9112, section 6.3). If not, its <c>Content-Length</c> describes the response to a GET.
    /// </summary>
    public static bool IsPossible(HttpMethod method, int status) => method != HttpMethod.Head && status is not (< 200 or 204 or 304);

    /// <exception cref="JobRejectedException">The body is larger; a truncated body would be worthless.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content, int maxBytes, string where, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
            throw TooLarge(maxBytes, where);
        var (bytes, isWhole) = await ReadUpToAsync(content, maxBytes, cancellationToken);
        return isWhole ? bytes : throw TooLarge(maxBytes, where);
    }

    /// <summary>Reads up to a number of bytes and returns whether they are the whole body.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsWhole)> ReadUpToAsync(
        HttpContent content, int maxBytes, CancellationToken cancellationToken)
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
    /// Returns the text, or null if the media type, a content encoding or the bytes indicate other content. A byte order mark overrides
    /// the charset; without either, the encoding is UTF-8, or UTF-16 or UTF-32 if the positions of zero bytes indicate it.
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
        or "application/json" or "application/xml" or "application/javascript" or "application/x-www-form-urlencoded"
        or "application/x-ndjson" or "application/graphql"
        || mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    private static Encoding? EncodingOf(ReadOnlySpan<byte> bytes, string? charset) =>
        TextSigns.OfMark(bytes)
        ?? (string.IsNullOrWhiteSpace(charset) ? TextSigns.OfZeros(bytes) ?? Charsets.Find("utf-8") : Charsets.Find(charset));

    private static JobRejectedException TooLarge(int maxBytes, string where) => new(
        $"{where} returned a body of more than {maxBytes} bytes, the limit of this job; see 'maxResponseBytes' and "
            + $"{Outbound.OutboundOptions.Section}:{nameof(Outbound.OutboundOptions.MaxResponseBytes)}.");
}
