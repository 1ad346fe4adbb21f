namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>What a scan found at the start of its window.</summary>
/// <param name="Outcome">Whether it is a record.</param>
/// <param name="Length">Bytes of the record, or of the broken line, without its line break.</param>
/// <param name="Consumed">Bytes with its line break.</param>
/// <param name="Lines">Line breaks in <paramref name="Consumed"/>.</param>
internal readonly record struct RecordScan(ScanOutcome Outcome, int Length = 0, int Consumed = 0, int Lines = 0);

internal enum ScanOutcome
{
    Record,

    /// <summary>The window ends too early to tell.</summary>
    NeedsMore,

    StrayQuote,
    TextAfterQuote,

    /// <summary>A quoted field runs past its line and does not end as one.</summary>
    UnclosedQuote,
}

/// <summary>
/// Finds where a record ends by the rules of RFC 4180, on UTF-8 bytes: the characters that matter are ASCII and never part
/// of another. Strict on purpose. A line with a quote that does not belong is reported by itself and the next line starts
/// afresh, so that a quote that is never closed costs one line and not the rest of the file.
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

    /// <param name="window">Starts at a record.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="isFinal">Nothing comes after the window.</param>
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
                    // CR LF is counted at its LF, unless the CR stands alone.
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

    /// <summary>The window up to its first line break, in quotes or not.</summary>
    public static RecordScan FirstLine(ReadOnlySpan<byte> window, bool isFinal, ScanOutcome outcome)
    {
        var end = window.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
            return isFinal ? new RecordScan(outcome, window.Length, window.Length) : new RecordScan(ScanOutcome.NeedsMore);
        return BreakLength(window[end..], isFinal) is > 0 and var length
            ? new RecordScan(outcome, end, end + length, 1)
            : new RecordScan(ScanOutcome.NeedsMore);
    }

    /// <summary>Zero when a CR ends the window and an LF may follow.</summary>
    private static int BreakLength(ReadOnlySpan<byte> window, bool isFinal) =>
        window[0] == '\n' ? 1 : window.Length > 1 ? (window[1] == '\n' ? 2 : 1) : isFinal ? 1 : 0;
}
