using System.Globalization;
using System.Text;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The series with which a rule is tested, and the number of its alerts that fire.</summary>
/// <param name="Name">A description.</param>
/// <param name="Series">Series in the notation of promtool, one value every 15 seconds.</param>
/// <param name="Firing">Minutes and the number of alerts that fire at that time.</param>
internal sealed record RuleTrial(
    string Name, IReadOnlyList<(string Series, string Values)> Series, params (int Minute, int Alerts)[] Firing);

/// <summary>
/// A test file for <c>promtool test rules</c>. The series that make a rule's condition true are derived from the rule: a counter
/// that grows by the threshold and by one less, a gauge at the threshold and just below.
/// </summary>
internal static class RuleTestFile
{
    private const string Key = "some-value";

    public static string Of(AlertRule rule, IEnumerable<RuleTrial> trials, string rulesFile)
    {
        var yaml = new StringBuilder($"rule_files:\n  - {rulesFile}\nevaluation_interval: 15s\ntests:\n");
        foreach (var trial in trials)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - interval: 15s\n    name: '{trial.Name}'\n    input_series:\n");
            foreach (var (series, values) in trial.Series)
                yaml.Append(CultureInfo.InvariantCulture, $"      - series: '{series}'\n        values: '{values}'\n");
            yaml.Append("    promql_expr_test:\n");
            foreach (var (minute, alerts) in trial.Firing)
            {
                yaml.Append(
                    CultureInfo.InvariantCulture,
                    $"      - expr: 'count(ALERTS{{alertname=\"{rule.Name}\",alertstate=\"firing\"}}) or vector(0)'\n");
                yaml.Append(
                    CultureInfo.InvariantCulture,
                    $"        eval_time: {minute}m\n        exp_samples:\n          - labels: '{{}}'\n            value: {alerts}\n");
            }
        }

        return yaml.ToString();
    }

    public static IReadOnlyList<RuleTrial> TrialsOf(AlertRule rule) => rule switch
    {
        { Per: not null } => OfShare(rule, rule.Per),
        { Operator: AlertOperator.Below } => OfAbsence(rule),
        { Aggregate: AlertAggregate.Sum } => OfCounter(rule),
        _ => OfGauge(rule),
    };

    /// <summary>A counter that is zero until the tenth minute, when it jumps.</summary>
    private static RuleTrial[] OfCounter(AlertRule rule)
    {
        var soon = 12 + (int)rule.For.TotalMinutes;
        RuleTrial Jump(string name, double to, int firing) => new(
            name, [(Series(rule, rule.Filter, rule.Metric), $"0x39 {Number(to)}x400")], (9, 0), (soon, firing));
        return
        [
            Jump("grown by the threshold", rule.Threshold, 1),
            Jump("grown by one less", rule.Threshold - 1, 0),
            new(
                "grown, and long ago",
                [(Series(rule, rule.Filter, rule.Metric), $"0x39 {Number(rule.Threshold)}x400")],
                (11 + (int)(rule.Window + rule.ResolveAfter).TotalMinutes + 5, 0)),
            .. rule.Filter.Count == 0
                ? []
                : new[]
                {
                    new RuleTrial(
                        "grown by what does not count",
                        [(Series(rule, Others(rule.Filter), rule.Metric), $"0x39 {Number(rule.Threshold * 10)}x400")],
                        (soon, 0)),
                },
            .. rule.By is null ? [] : new[] { Two(rule, $"0x39 {Number(rule.Threshold)}x400", soon) },
        ];
    }

    private static RuleTrial[] OfGauge(AlertRule rule)
    {
        var late = 6 + (int)rule.For.TotalMinutes;
        var series = Series(rule, rule.Filter, rule.Metric);
        return
        [
            new(
                "at the threshold",
                [(series, $"{Number(rule.Threshold)}x400")],
                [.. rule.For > TimeSpan.Zero ? new[] { ((int)rule.For.TotalMinutes - 1, 0) } : [], (late, 1)]),
            new("just below", [(series, $"{Number(rule.Threshold * 0.999)}x400")], (late, 0)),
            .. rule.By is null ? [] : new[] { Two(rule, $"{Number(rule.Threshold)}x400", late) },
        ];
    }

    private static RuleTrial[] OfAbsence(AlertRule rule)
    {
        var late = 1 + (int)(rule.Window + rule.For).TotalMinutes;
        var series = Series(rule, rule.Filter, rule.Metric);
        return
        [
            new("not a single series", [], ((int)rule.For.TotalMinutes - 1, 0), (late, 1)),
            new("it stands still", [(series, "7x400")], (late, 1)),
            new("it grows", [(series, "0+1x400")], (late, 0), (90, 0)),
        ];
    }

    private static RuleTrial[] OfShare(AlertRule rule, AlertShare per)
    {
        var part = Series(rule, rule.Filter, rule.Metric);
        var rest = Series(rule, Others(rule.Filter, per.Filter), per.Metric);
        var late = (int)(rule.Window + rule.For).TotalMinutes + 5;
        // A total just below the minimum, with the worst possible share.
        var few = Number(Math.Floor(per.Minimum * 0.9));
        return
        [
            new("half of many", [(part, "0+1x400"), (rest, "0+1x400")], ((int)rule.For.TotalMinutes - 1, 0), (late, 1)),
            new("few of many", [(part, "0+1x400"), (rest, $"0+{Number(Math.Ceiling(2 / rule.Threshold))}x400")], (late, 0)),
            new("all of too few", [(part, $"0x39 {few}x400"), (rest, "0x400")], (12 + (int)rule.For.TotalMinutes, 0)),
            new("none", [(part, "0x400"), (rest, "0+9x400")], (late, 0)),
        ];
    }

    private static RuleTrial Two(AlertRule rule, string values, int minute) =>
        new(
            "each value by itself",
            [(Series(rule, rule.Filter, rule.Metric), values), (Series(rule, rule.Filter, rule.Metric, "another"), values)],
            (minute, 2));

    private static string Series(AlertRule rule, IReadOnlyDictionary<string, IReadOnlyList<string>> filter, string metric, string key = Key)
    {
        // A label that no rule uses; the rule must sum over it.
        var labels = filter.Select(entry => (entry.Key, entry.Value[0])).Append(("instance", "127.0.0.1:7071"));
        if (rule.By is { } by)
            labels = labels.Append((by, key));
        var matchers = string.Join(",", labels.Select(label => $"{PrometheusNames.Label(label.Item1)}=\"{label.Item2}\""));
        return $"{PrometheusNames.Metric(metric, rule.Aggregate)}{{{matchers}}}";
    }

    /// <summary>
    /// Returns the same attributes with values that do not match the filter, taken from <paramref name="wider"/> if it has any.
    /// </summary>
    private static Dictionary<string, IReadOnlyList<string>> Others(
        IReadOnlyDictionary<string, IReadOnlyList<string>> filter, IReadOnlyDictionary<string, IReadOnlyList<string>>? wider = null) =>
        filter.ToDictionary(
            entry => entry.Key,
            entry => (IReadOnlyList<string>)
            [
                wider?.GetValueOrDefault(entry.Key)?.Except(entry.Value, StringComparer.Ordinal).FirstOrDefault() ?? "none-of-these",
            ],
            StringComparer.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
