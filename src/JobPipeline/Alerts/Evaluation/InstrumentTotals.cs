using System.Text;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// An instrument that is asked for its totals, such as a counter that is read when somebody collects. What each series has
/// grown by since it was asked last is what was measured. To be asked by one caller at a time.
/// </summary>
internal sealed class InstrumentTotals(InstrumentTap tap)
{
    private readonly Dictionary<string, double> _totals = new(StringComparer.Ordinal);

    /// <summary>True while it is asked for the first time: what has grown before belongs to nobody's window.</summary>
    public bool IsBeginning { get; set; }

    public void Record(double total, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = KeyOf(tags);
        // A series that was not there when all were asked first began at zero since.
        var before = _totals.GetValueOrDefault(key);
        _totals[key] = total;
        if (!IsBeginning)
            tap.Record(total - before, tags);
    }

    /// <summary>A series tells its attributes in the same order each time.</summary>
    private static string KeyOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new StringBuilder();
        foreach (ref readonly var tag in tags)
            key.Append(tag.Key).Append('\u0001').Append(tag.Value).Append('\u0002');
        return key.ToString();
    }
}
