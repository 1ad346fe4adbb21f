namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>The result of scanning the start of a window.</summary>
/// <param name="Outcome">Whether a record was found.</param>
/// <param name="Length">The number of bytes of the record, or of the malformed line, without its line break.</param>
/// <param name="Consumed">The number of bytes including the line break.</param>
/// <param name="Lines">The number of line breaks in <paramref name="Consumed"/>.</param>
internal readonly record struct RecordScan(ScanOutcome Outcome, int Length = 0, int Consumed = 0, int Lines = 0);

internal enum ScanOutcome
{
    Record,

    /// <summary>The window ends before the end of the record.</summary>
    NeedsMore,

    StrayQuote,
    TextAfterQuote,

    /// <summary>A quoted field spans several lines and is not closed properly.</summary>
    UnclosedQuote,
}

/// <summary>
/// Finds the end of a record according to RFC 4180, on UTF-8 bytes: the significant characters are ASCII and never part of another
/// character. Strict by design: a line with a misplaced quote is reported alone and scanning restarts at the next line, so an unclosed
/// quote costs one line and not the rest of the file.
/// </summary>
internal static class RecordScanner
{
    private enum State
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteSeen,
    }

    /// <param name="window">The bytes, starting at a record.</param>
    /// <param name="delimiter">The field delimiter.</param>
    /// <param name="isFinal">Whether the window ends at the end of the file.</param>
    public static RecordScan Scan(ReadOnlySpan<byte> window, byte delimiter, bool isFinal)
    {
        var state = State.FieldStart;
        var breaks = 0;
        for (var i = 0; i < window.Length; i++)
        {
            var b = window[i];
            var isBreak = b is (byte)'\n' or (byte)'\r';
            switch (state)
            {
                case State.Quoted when b == '"':
                    state = State.QuoteSeen;
                    break;
                case State.Quoted:
                    // CR LF is counted at its LF; a CR without an LF is counted here.
                    if (b == '\n' || (b == '\r' && (i + 1 == window.Length || window[i + 1] != '\n')))
                        breaks++;
                    break;
                case State.QuoteSeen when b == '"':
                    state = State.Quoted;
                    break;
                case State.FieldStart when b == '"':
                    state = State.Quoted;
                    break;
                case State.Plain when b == '"':
                    return FirstLine(window, isFinal, breaks > 0 ? ScanOutcome.UnclosedQuote : ScanOutcome.StrayQuote);
                case var _ when b == delimiter:
                    state = State.FieldStart;
                    break;
                case var _ when isBreak:
                    return BreakLength(window[i..], isFinal) is > 0 and var length
                        ? new RecordScan(ScanOutcome.Record, i, i + length, breaks + 1)
                        : new RecordScan(ScanOutcome.NeedsMore);
                case State.QuoteSeen:
                    return FirstLine(window, isFinal, breaks > 0 ? ScanOutcome.UnclosedQuote : ScanOutcome.TextAfterQuote);
                default:
                    state = State.Plain;
                    break;
            }
        }

        if (!isFinal)
            return new RecordScan(ScanOutcome.NeedsMore);
        return state == State.Quoted
            ? FirstLine(window, isFinal, ScanOutcome.UnclosedQuote)
            : new RecordScan(ScanOutcome.Record, window.Length, window.Length, breaks);
    }

    /// <summary>Returns the window up to its first line break, quoted or not.</summary>
    public static RecordScan FirstLine(ReadOnlySpan<byte> window, bool isFinal, ScanOutcome outcome)
    {
        var end = window.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
            return isFinal ? new RecordScan(outcome, window.Length, window.Length) : new RecordScan(ScanOutcome.NeedsMore);
        return BreakLength(window[end..], isFinal) is > 0 and var length
            ? new RecordScan(outcome, end, end + length, 1)
            : new RecordScan(ScanOutcome.NeedsMore);
    }

    /// <summary>Returns the length of the line break at the start of the window, or zero if a CR ends the window and an LF may
    /// follow.</summary>
    private static int BreakLength(ReadOnlySpan<byte> window, bool isFinal) =>
        window[0] == '\n' ? 1 : window.Length > 1 ? (window[1] == '\n' ? 2 : 1) : isFinal ? 1 : 0;
}
