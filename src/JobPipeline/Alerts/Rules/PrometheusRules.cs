using System.Globalization;
using System.Text;

namespace JobPipeline.Alerts.Rules;

/// <summary>
/// The rules as a rules file of Prometheus (2.42 or later, for <c>keep_firing_for</c>). Prometheus adds up what all instances
/// measured; the monitor of a self-host sees its own.
/// </summary>
public static class PrometheusRules
{
    private static readonly string[] Severities = ["critical", "error", "warning", "info", "verbose"];

    /// <param name="rules">Those that are not enabled are left out.</param>
    /// <param name="runbook">Where the runbook is; a rule's anchor is put behind it.</param>
    public static string Write(IReadOnlyList<AlertRule> rules, string runbook)
    {
        var yaml = new StringBuilder();
        yaml.Append("# Made of alert-rules.json by `dotnet run dev.cs rules`; not to be edited by hand.\n");
        yaml.Append("groups:\n  - name: jobpipeline\n    rules:\n");
        foreach (var rule in rules.Where(rule => rule.IsEnabled))
            Write(yaml, rule, runbook);
        return yaml.ToString();
    }

    /// <summary>The condition alone, as PromQL.</summary>
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
        // What is gone has no series: nothing would be compared, and nobody would hear of it.
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
        yaml.Append(CultureInfo.InvariantCulture, $"          description: {Text($"{rule.Title}{which}: {{{{ $value }}}} {rule.Symbol} {Number(rule.Threshold)} within {Duration(rule.Window)}")}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"          runbook_url: {Text($"{runbook}#{rule.Runbook}")}\n");
    }

    private static string Sum(AlertRule rule, string metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        $"sum{By(rule)}(increase({Range(rule, metric, filter)}))";

    private static string Range(AlertRule rule, string metric, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        $"{PrometheusNames.Metric(metric, rule.Aggregate)}{PrometheusNames.Selector(filter)}[{Duration(rule.Window)}]";

    private static string By(AlertRule rule) => rule.By is null ? "" : $" by ({PrometheusNames.Label(rule.By)}) ";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) => time.Ticks % TimeSpan.TicksPerHour == 0 && time > TimeSpan.Zero ? $"{time.TotalHours:0}h"
        : time.Ticks % TimeSpan.TicksPerMinute == 0 && time > TimeSpan.Zero ? $"{time.TotalMinutes:0}m"
        : $"{time.TotalSeconds:0}s";

    /// <summary>In single quotes, where YAML knows no escape but the quote's own.</summary>
    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
