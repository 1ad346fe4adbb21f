using System.Text;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>Reads the text of a file as UTF-8, whatever its encoding.</summary>
internal static class CsvText
{
    private const int SkippedBytes = 64 * 1024;

    /// <summary>
    /// Returns the stream from a position on. UTF-8 is read directly at the position; text of another encoding is decoded from its start,
    /// because the position does not reveal the matching byte of the source. Undecodable bytes become U+FFFD.
    /// </summary>
    /// <param name="stream">A seekable stream; it is left open.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <param name="position">The position in UTF-8 bytes.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public static async Task<Stream> AtAsync(Stream stream, Encoding? encoding, long position, CancellationToken cancellationToken)
    {
        stream.Position = encoding is null ? position : 0;
        if (encoding is null)
            return stream;
        var text = Encoding.CreateTranscodingStream(stream, Charsets.WithMarks(encoding), new UTF8Encoding(false), leaveOpen: true);
        var skipped = new byte[(int)Math.Min(SkippedBytes, position)];
        for (var left = position; left > 0;)
        {
            var read = await text.ReadAsync(skipped.AsMemory(0, (int)Math.Min(left, skipped.Length)), cancellationToken);
            if (read == 0)
                break;
            left -= read;
        }

        return text;
    }

    /// <summary>Determines the encoding of a file from its first bytes; null for UTF-8.</summary>
    /// <param name="start">
    /// The first bytes. A byte order mark takes precedence; the positions of zero bytes show the kind of UTF-16 or UTF-32.
    /// </param>
    /// <param name="name">The encoding given in the payload, or null.</param>
    public static Encoding? EncodingOf(ReadOnlySpan<byte> start, string? name)
    {
        if (TextSigns.OfMark(start) is { } marked)
            return Charsets.IsUtf8(marked) ? null : marked;
        var found = TextSigns.OfZeros(start);
        if (name is null || Charsets.Find(name) is not { } named)
            return found;
        return found is not null && found.GetType() == named.GetType() ? found : Charsets.IsUtf8(named) ? null : named;
    }
}
