using System.Globalization;
using System.Text;

namespace JobPipeline.Alerts.Rules;

/// <summary>
/// Writes the rules as a Prometheus rules file (2.42 or later, for <c>keep_firing_for</c>). Prometheus adds up the measurements of
/// all instances; the monitor of a self-host only sees its own.
/// </summary>
internal static class PrometheusRules
{
    private static readonly string[] Severities = ["critical", "error", "warning", "info", "verbose"];

    /// <summary>Writes the rules file.</summary>
    /// <param name="rules">The rules; disabled ones are omitted.</param>
    /// <param name="runbook">The address of the runbook, to which a rule's anchor is appended.</param>
    public static string Write(IReadOnlyList<AlertRule> rules, string runbook)
    {
        var yaml = new StringBuilder();
        yaml.Append("# Generated from alert-rules.json by `dotnet run dev.cs rules`. Do not edit.\n");
        yaml.Append("groups:\n  - name: jobpipeline\n    rules:\n");
        foreach (var rule in rules.Where(rule => rule.IsEnabled))
            Write(yaml, rule, runbook);
        return yaml.ToString();
    }

    /// <summary>Returns the condition of a rule, in PromQL.</summary>
    public static string Expression(AlertRule rule)
    {
        var comparison = $"{rule.Symbol} {Number(rule.Threshold)}";
        if (rule.Per is { } per)
        {
            var whole = Sum(rule, per.Metric, per.Filter);
            return $"{Sum(rule, rule.Metric, rule.Filter)} / {whole} {comparison} and {whole} >= {Number(per.Minimum)}";
        }

        var value = rule.Aggregate switch
        {
            AlertAggregate.Sum => Sum(rule, rule.Metric, rule.Filter),
            AlertAggregate.Max => $"max{By(rule)}(max_over_time({Range(rule, rule.Metric, rule.Filter)}))",
            _ => $"avg{By(rule)}(avg_over_time({Range(rule, rule.Metric, rule.Filter)}))",
        };
        // Without the fallback, a missing series would not be compared, and the alert would never fire.
        return rule.Operator == AlertOperator.Below ? $"({value} or vector(0)) {comparison}" : $"{value} {comparison}";
    }

    private static void Write(StringBuilder yaml, AlertRule rule, string runbook)
    {
        var which = rule.By is null ? "" : $" ({{{{ $labels.{PrometheusNames.Label(rule.By)} }}}})";
        yaml.Append(CultureInfo.InvariantCulture, $"      - alert: {rule.Name}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"        expr: {Text(Expression(rule))}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"        for: {Duration(rule.For)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"        keep_firing_for: {Duration(rule.ResolveAfter)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"        labels:\n          severity: {Severities[rule.Severity]}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"        annotations:\n          title: {Text(rule.Title)}\n");
        var comparison = $"{{{{ $value }}}} {rule.Symbol} {Number(rule.Threshold)}";
        var description = $"{rule.Title}{which}: {comparison} within {Duration(rule.Window)}";
        yaml.Append(CultureInfo.InvariantCulture, $"          description: {Text(description)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"          runbook_url: {Text($"{runbook}#{rule.Runbook}")}\n");
    }

    private static string Sum(AlertRule rule, string metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        $"sum{By(rule)}(increase({Range(rule, metric, filter)}))";

    private static string Range(AlertRule rule, string metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        $"{PrometheusNames.Metric(metric, rule.Aggregate)}{PrometheusNames.Selector(filter)}[{Duration(rule.Window)}]";

    private static string By(AlertRule rule) => rule.By is null ? "" : $" by ({PrometheusNames.Label(rule.By)}) ";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) =>
        time.Ticks % TimeSpan.TicksPerHour == 0 && time > TimeSpan.Zero ? $"{time.TotalHours:0}h"
        : time.Ticks % TimeSpan.TicksPerMinute == 0 && time > TimeSpan.Zero ? $"{time.TotalMinutes:0}m"
        : $"{time.TotalSeconds:0}s";

    /// <summary>Quotes a text with single quotes, in which YAML only escapes the quote itself.</summary>
    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
