using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Compares the metrics of the rules with the table of metrics, which another test compares with the emitted ones.</summary>
public sealed class RuleMetricTests
{
    public static TheoryData<string> Rules => [.. AlertRules.Shipped.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_ForEachMetric_NamesADocumentedMetric(string name)
    {
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == name);
        var table = MarkdownTable.Read("docs/metrics.md", "Metric").ToDictionary(cells => cells[0].Trim('`'), StringComparer.Ordinal);

        foreach (var (metric, attributes) in Uses(rule))
        {
            Assert.True(table.TryGetValue(metric, out var row), $"{metric} is not in the table");
            Assert.Subset(
                row[3].Split(", ").Select(attribute => attribute.Trim('`')).ToHashSet(StringComparer.Ordinal),
                attributes.ToHashSet(StringComparer.Ordinal));
            Assert.Equal(rule.Aggregate == AlertAggregate.Sum ? "counter" : "gauge", row[1]);
            // The exporter appends the unit to the name of a gauge in seconds.
            Assert.Equal(row[2] == "s", PrometheusNames.Seconds.Contains(metric));
        }
    }

    private static IEnumerable<(string Metric, IEnumerable<string> Attributes)> Uses(AlertRule rule)
    {
        string[] by = rule.By is null ? [] : [rule.By];
        yield return (rule.Metric, rule.Filter.Keys.Concat(by));
        if (rule.Per is { } per)
            yield return (per.Metric, per.Filter.Keys.Concat(by));
    }
}
