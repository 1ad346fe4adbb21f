using System.Text;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// An observable instrument that reports totals, such as a counter that is read when metrics are collected. The growth of each series
/// since the last reading is recorded as a measurement. Must not be read concurrently.
/// </summary>
internal sealed class InstrumentTotals(InstrumentTap tap)
{
    private readonly Dictionary<string, double> _totals = new(StringComparer.Ordinal);

    /// <summary>Whether the first reading is in progress; the growth before it belongs to no window.</summary>
    public bool IsBeginning { get; set; }

    public void Record(double total, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = KeyOf(tags);
        // A series that did not exist at the first reading started at zero.
        var before = _totals.GetValueOrDefault(key);
        _totals[key] = total;
        if (!IsBeginning)
            tap.Record(total - before, tags);
    }

    /// <summary>A series reports its attributes in the same order each time.</summary>
    private static string KeyOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new StringBuilder();
        foreach (ref readonly var tag in tags)
            key.Append(tag.Key).Append('\u0001').Append(tag.Value).Append('\u0002');
        return key.ToString();
    }
}
