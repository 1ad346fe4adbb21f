using System.Collections.Frozen;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>The words that belong to a number: units and parts of dates.</summary>
internal static class NumberWords
{
    private static readonly FrozenSet<string> Units = new[]
    {
        "ns", "us", "µs", "μs", "ms", "msec", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes",
        "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "millisecond", "milliseconds",
        "b", "byte", "bytes", "k", "kb", "kib", "mb", "mib", "gb", "gib", "tb", "tib", "px", "hz", "khz", "mhz", "ghz",
        "rows", "row", "items", "item", "am", "pm", "utc", "gmt", "z", "t", "st", "nd", "rd", "th", "x",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Months = new[]
    {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
        "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> UnitLookup =
        Units.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MonthLookup =
        Months.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns whether the word may directly follow digits: <c>ms</c> in <c>12ms</c>.</summary>
    public static bool IsUnit(ReadOnlySpan<char> word) => UnitLookup.Contains(word);

    /// <summary>Returns whether the word may follow a number as a separate word.</summary>
    public static bool Follows(ReadOnlySpan<char> word) => IsUnit(word) || MonthLookup.Contains(word);
}
