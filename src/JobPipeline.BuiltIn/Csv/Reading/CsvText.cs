using System.Text;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>The text of a file as UTF-8, whatever encoding the file is in.</summary>
internal static class CsvText
{
    private const int SkippedBytes = 64 * 1024;

    /// <summary>
    /// The stream from a position on. UTF-8 is taken up there; text of another encoding is decoded again from its start,
    /// since nothing tells which of its bytes belongs to a position. What can't be decoded becomes U+FFFD.
    /// </summary>
    /// <param name="stream">Can seek; left open.</param>
    /// <param name="encoding">Null for UTF-8.</param>
    /// <param name="position">In bytes of UTF-8.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

    /// <summary>The encoding of a file by its first bytes; null for UTF-8.</summary>
    /// <param name="start">A mark in them outranks everything, and the zeros among them say which kind of UTF-16 or UTF-32 it is.</param>
    /// <param name="name">What the payload asks for.</param>
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
