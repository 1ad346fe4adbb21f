namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// One rule's view of one instrument: the measurements that match its filter, by the values of its attribute. Measurements are added
/// under a lock, which takes nanoseconds; they are assigned to a time only when they are read.
/// </summary>
internal sealed class MeasurementTap
{
    /// <summary>The maximum number of attribute values counted separately.</summary>
    public const int MaxValues = 100;

    /// <summary>The key for all further values.</summary>
    public const string Other = "other";

    private readonly (string Attribute, string[] Values)[] _filter;
    private readonly string? _by;
    private readonly TimeSpan _window;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public MeasurementTap(IReadOnlyDictionary<string, IReadOnlyList<string>> filter, string? by, TimeSpan window) =>
        (_filter, _by, _window) = ([.. filter.Select(entry => (entry.Key, entry.Value.ToArray()))], by, window);

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (attribute, values) in _filter)
        {
            if (!values.AsSpan().Contains(ValueOf(attribute, tags)))
                return;
        }

        var key = _by is null ? "" : ValueOf(_by, tags);
        lock (_lock)
        {
            var entry = EntryOf(key);
            entry.New = new Measured(entry.New.Sum + value, entry.New.Count + 1, Math.Max(entry.New.Max, value));
        }
    }

    /// <summary>Returns the aggregates of the window by attribute value; the key is empty if the rule has no attribute.</summary>
    public IReadOnlyDictionary<string, Measured> Read(DateTimeOffset now)
    {
        var read = new Dictionary<string, Measured>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var (key, entry) in _entries)
            {
                entry.Series.Add(entry.New, now);
                entry.New = Measured.Nothing;
                var measured = entry.Series.Within(now);
                // A value that was not seen in a whole window is removed to make room for others.
                if (measured.Count == 0)
                    _entries.Remove(key);
                else
                    read[key] = measured;
            }
        }

        return read;
    }

    /// <summary>Returns the value as text: attributes are strings, except for a few booleans.</summary>
    private static string ValueOf(string attribute, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (ref readonly var tag in tags)
        {
            if (tag.Key == attribute)
                return tag.Value as string ?? (tag.Value is bool flag ? (flag ? "true" : "false") : tag.Value?.ToString() ?? "");
        }

        return "";
    }

    private Entry EntryOf(string key)
    {
        if (_entries.TryGetValue(key, out var entry))
            return entry;
        if (_entries.Count >= MaxValues && !_entries.TryGetValue(key = Other, out entry))
            return _entries[key] = new Entry(_window);
        return entry ?? (_entries[key] = new Entry(_window));
    }

    private sealed class Entry(TimeSpan window)
    {
        public MeasuredSeries Series { get; } = new(window);

        public Measured New { get; set; } = Measured.Nothing;
    }
}
