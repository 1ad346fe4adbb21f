using System.Text;

namespace JobPipeline.BuiltIn.Text;

/// <summary>Detects the Unicode encoding of bytes by a byte order mark or by the positions of zero bytes.</summary>
internal static class TextSigns
{
    private const int MaxLooked = 4096;

    // In UTF-16, line breaks, separators, digits and Latin letters have a zero byte; a stray NUL in UTF-8 is rarer.
    private const int MinZeroShare = 20;
    private const int Predominance = 4;

    /// <summary>Returns the encoding of a byte order mark at the start, or null if there is no mark.</summary>
    public static Encoding? OfMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Strict(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)),
        [0xFF, 0xFE, 0, 0, ..] => Strict(new UTF32Encoding(bigEndian: false, byteOrderMark: false)),
        [0, 0, 0xFE, 0xFF, ..] => Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false)),
        [0xFF, 0xFE, ..] => Strict(new UnicodeEncoding(bigEndian: false, byteOrderMark: false)),
        [0xFE, 0xFF, ..] => Strict(new UnicodeEncoding(bigEndian: true, byteOrderMark: false)),
        _ => null,
    };

    /// <summary>Returns UTF-16 or UTF-32 if the positions of zero bytes indicate it; null if there are none or too few.</summary>
    public static Encoding? OfZeros(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, MaxLooked)];
        Span<int> zeros = stackalloc int[4];
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
                zeros[i % 4]++;
        }

        var groups = start.Length / 4;
        if (groups > 0 && start.Length % 4 == 0 && zeros[3] == groups && zeros[2] > groups * 3 / 4 && zeros[0] < groups)
            return Strict(new UTF32Encoding(bigEndian: false, byteOrderMark: false));
        if (groups > 0 && start.Length % 4 == 0 && zeros[0] == groups && zeros[1] > groups * 3 / 4 && zeros[3] < groups)
            return Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false));
        var (even, odd) = (zeros[0] + zeros[2], zeros[1] + zeros[3]);
        if (start.Length < 4 || Math.Max(even, odd) * MinZeroShare < start.Length / 2 || even == odd)
            return null;
        return odd > even * Predominance ? Strict(new UnicodeEncoding(bigEndian: false, byteOrderMark: false))
            : even > odd * Predominance ? Strict(new UnicodeEncoding(bigEndian: true, byteOrderMark: false))
            : null;
    }

    private static Encoding Strict(Encoding encoding)
    {
        var copy = (Encoding)encoding.Clone();
        (copy.EncoderFallback, copy.DecoderFallback) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        return copy;
    }
}
