using System.Text;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>What the start of a file says of how its fields are separated.</summary>
/// <param name="Delimiter">Between fields.</param>
/// <param name="Header">Where the header begins: behind the hint of a spreadsheet, if there is one.</param>
/// <param name="Fault">Why the file can't be read; null when it can.</param>
internal readonly record struct CsvDialect(char Delimiter, CsvPosition Header, string? Fault)
{
    private const string Usual = ",;\t|";

    public static bool IsDelimiter(char c) => char.IsAscii(c) && c is not ('"' or '\r' or '\n' or '\0');

    /// <param name="start">The first bytes of the file, in UTF-8.</param>
    /// <param name="wanted">The delimiter that the payload asks for; null: none.</param>
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
                    hint, header, $"its first line is the hint 'sep={hint}', but 'delimiter' is {Shown(wanted.Value)}; they must agree");
            }

            wanted = hint;
        }

        var counts = Counts(start[(int)Math.Max(header.Byte, mark)..]);
        return wanted is { } known ? Known(known, header, counts) : Found(header, counts);
    }

    /// <summary>The file is told how to read it: a header that does not have that delimiter must not have another one either.</summary>
    private static CsvDialect Known(char delimiter, CsvPosition header, int[] counts)
    {
        var own = Usual.IndexOf(delimiter, StringComparison.Ordinal);
        if (own < 0 || counts[own] > 0 || counts.Max() == 0)
            return new CsvDialect(delimiter, header, null);
        var other = Usual[Array.IndexOf(counts, counts.Max())];
        return new CsvDialect(
            delimiter,
            header,
            $"its header has no delimiter {Shown(delimiter)}, but {counts.Max()} times {Shown(other)}; "
            + $"give the right 'delimiter', or put a name that holds {Shown(other)} into quotes");
    }

    private static CsvDialect Found(CsvPosition header, int[] counts)
    {
        var most = counts.Max();
        var isTie = counts.Count(count => count == most) > 1 && counts[0] < most;
        var hasOthers = counts.Count(count => count > 0) > 1 && counts[0] < most;
        return isTie || hasOthers
            ? new CsvDialect(',', header, $"its header holds {Listed(counts)}, so that the delimiter is not clear; give it as 'delimiter'")
            : new CsvDialect(Usual[Array.IndexOf(counts, most)], header, null);
    }

    /// <summary>The delimiter of a first line such as <c>sep=;</c>, in quotes or not.</summary>
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

    /// <summary>How often each of the usual delimiters stands outside of quotes in the first record.</summary>
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
