using System.Text;

namespace JobPipeline.Alerts.Rules;

/// <summary>Names as OpenTelemetry's exporter for Prometheus makes them.</summary>
internal static class PrometheusNames
{
    /// <summary>Gauges in seconds that rules may name: the exporter says so in their names.</summary>
    public static readonly IReadOnlySet<string> Seconds = new HashSet<string>(StringComparer.Ordinal) { "jobpipeline.queue.oldest_age", "jobpipeline.circuit.open_time" };

    private const string Special = @"\.+*?()|[]{}^$";

    public static string Metric(string name, AlertAggregate aggregate) =>
        Label(name) + (aggregate == AlertAggregate.Sum ? "_total" : Seconds.Contains(name) ? "_seconds" : "");

    public static string Label(string attribute) => attribute.Replace('.', '_');

    /// <summary>A selector such as <c>{outcome=~"failed|lost"}</c>; nothing where every measurement counts.</summary>
    public static string Selector(IReadOnlyDictionary<string, IReadOnlyList<string>> filter) => filter.Count == 0
        ? ""
        : $"{{{string.Join(",", filter.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => Matcher(Label(entry.Key), entry.Value)))}}}";

    private static string Matcher(string label, IReadOnlyList<string> values) =>
        values is [var only] ? $"{label}={Quoted(only)}" : $"{label}=~{Quoted(string.Join('|', values.Select(Escaped)))}";

    /// <summary>A text that an expression matches as it is (RE2).</summary>
    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
            (Special.Contains(c, StringComparison.Ordinal) ? text.Append('\\') : text).Append(c);
        return text.ToString();
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
