using System.Text;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>The dialect that the start of a file indicates.</summary>
/// <param name="Delimiter">The field delimiter.</param>
/// <param name="Header">The start of the header, which follows the <c>sep=</c> line of a spreadsheet, if any.</param>
/// <param name="Error">Why the file can't be read; null if it can.</param>
internal readonly record struct CsvDialect(char Delimiter, CsvPosition Header, string? Error)
{
    private const string Usual = ",;\t|";

    public static bool IsDelimiter(char c) => char.IsAscii(c) && c is not ('"' or '\r' or '\n' or '\0');

    /// <param name="start">The first bytes of the file, in UTF-8.</param>
    /// <param name="wanted">The delimiter given in the payload, or null.</param>
    public static CsvDialect Of(ReadOnlySpan<byte> start, char? wanted)
    {
        var header = CsvPosition.Start;
        var mark = start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        if (Hint(start[mark..], out var length) is { } hint)
        {
            header = new CsvPosition(mark + length, 2);
            if (wanted is not null && wanted != hint)
            {
                return new CsvDialect(
                    hint, header, $"its first line is 'sep={hint}', but 'delimiter' is {Shown(wanted.Value)}; they must agree");
            }

            wanted = hint;
        }

        var counts = Counts(start[(int)Math.Max(header.Byte, mark)..]);
        return wanted is { } known ? Known(known, header, counts) : Found(header, counts);
    }

    /// <summary>
    /// The dialect for a delimiter given by the payload or the file. A header without that delimiter but with another one is an error.
    /// </summary>
    private static CsvDialect Known(char delimiter, CsvPosition header, int[] counts)
    {
        var own = Usual.IndexOf(delimiter, StringComparison.Ordinal);
        if (own < 0 || counts[own] > 0 || counts.Max() == 0)
            return new CsvDialect(delimiter, header, null);
        var other = Usual[Array.IndexOf(counts, counts.Max())];
        return new CsvDialect(
            delimiter,
            header,
            $"its header contains no {Shown(delimiter)}, but {counts.Max()} times {Shown(other)}; "
            + $"correct 'delimiter', or quote the names that contain {Shown(other)}");
    }

    private static CsvDialect Found(CsvPosition header, int[] counts)
    {
        var most = counts.Max();
        var isTie = counts.Count(count => count == most) > 1 && counts[0] < most;
        var hasOthers = counts.Count(count => count > 0) > 1 && counts[0] < most;
        return isTie || hasOthers
            ? new CsvDialect(',', header, $"its header contains {Listed(counts)}, so the delimiter is ambiguous; set 'delimiter'")
            : new CsvDialect(Usual[Array.IndexOf(counts, most)], header, null);
    }

    /// <summary>Returns the delimiter specified by a first line such as <c>sep=;</c>, quoted or not.</summary>
    private static char? Hint(ReadOnlySpan<byte> start, out int length)
    {
        length = 0;
        var end = start.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? start : start[..end];
        var text = line is [(byte)'"', .., (byte)'"'] ? line[1..^1] : line;
        if (text.Length != 5 || !Ascii.EqualsIgnoreCase(text[..4], "sep="u8) || !IsDelimiter((char)text[4]))
            return null;
        var lineBreak = end < 0 ? 0 : start[end..] is [(byte)'\r', (byte)'\n', ..] ? 2 : 1;
        length = line.Length + lineBreak;
        return (char)text[4];
    }

    /// <summary>Counts each of the usual delimiters outside of quotes in the first record.</summary>
    private static int[] Counts(ReadOnlySpan<byte> header)
    {
        var counts = new int[Usual.Length];
        var (isQuoted, isStarted) = (false, false);
        foreach (var b in header)
        {
            if (b == '"')
                isQuoted = !isQuoted;
            if (!isQuoted && b is (byte)'\n' or (byte)'\r' && isStarted)
                break;
            isStarted |= b is not ((byte)'\n' or (byte)'\r');
            if (!isQuoted && Usual.IndexOf((char)b, StringComparison.Ordinal) is >= 0 and var index)
                counts[index]++;
        }

        return counts;
    }

    private static string Shown(char delimiter) => delimiter == '\t' ? "a tab" : $"'{delimiter}'";

    private static string Listed(int[] counts) => string.Join(
        " and ", Usual.Zip(counts).Where(entry => entry.Second > 0).Select(entry => $"{entry.Second} times {Shown(entry.First)}"));
}
