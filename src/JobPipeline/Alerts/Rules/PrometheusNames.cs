using System.Text;

namespace JobPipeline.Alerts.Rules;

/// <summary>Converts names as OpenTelemetry's exporter for Prometheus does.</summary>
internal static class PrometheusNames
{
    /// <summary>The gauges in seconds that rules may use: the exporter appends the unit to their names.</summary>
    public static readonly IReadOnlySet<string> Seconds =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "jobpipeline.queue.oldest_age", "jobpipeline.circuit.open_time", "jobpipeline.governor.closed_time",
            "jobpipeline.limits.oldest_wait",
        };

    private const string Special = @"\.+*?()|[]{}^$";

    public static string Metric(string name, AlertAggregate aggregate) =>
        Label(name) + (aggregate == AlertAggregate.Sum ? "_total" : Seconds.Contains(name) ? "_seconds" : "");

    public static string Label(string attribute) => attribute.Replace('.', '_');

    /// <summary>Returns a selector such as <c>{outcome=~"failed|lost"}</c>; empty if every measurement is included.</summary>
    public static string Selector(IReadOnlyDictionary<string, IReadOnlyList<string>> filter)
    {
        if (filter.Count == 0)
            return "";
        var ordered = filter.OrderBy(entry => entry.Key, StringComparer.Ordinal);
        return $"{{{string.Join(",", ordered.Select(entry => Matcher(Label(entry.Key), entry.Value)))}}}";
    }

    private static string Matcher(string label, IReadOnlyList<string> values) =>
        values is [var only] ? $"{label}={Quoted(only)}" : $"{label}=~{Quoted(string.Join('|', values.Select(Escaped)))}";

    /// <summary>Escapes a text so that a regular expression (RE2) matches it literally.</summary>
    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
            (Special.Contains(c, StringComparison.Ordinal) ? text.Append('\\') : text).Append(c);
        return text.ToString();
    }

    private static string Quoted(string value)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }
}
