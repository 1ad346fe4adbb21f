using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of the rules as PromQL. The integration tests check them with Prometheus.</summary>
public sealed class PrometheusRulesTests
{
    [Fact]
    public void FileInTheRepository_MatchesTheGeneratedRules_Exactly() => Assert.Equal(
        PrometheusRules.Write(AlertRules.Shipped, new AlertOptions().Runbook), Repository.Read("infra/monitoring/prometheus-rules.yml"));

    [Theory]
    [InlineData("dead-letters-growing", "sum(increase(jobpipeline_dead_letters_total[15m])) >= 5")]
    [InlineData("oldest-job-waits", "max by (messaging_destination_name) (max_over_time(jobpipeline_queue_oldest_age_seconds[5m])) >= 900")]
    [InlineData("timer-silent", "(sum(increase(jobpipeline_heartbeat_total[5m])) or vector(0)) < 1")]
    [InlineData("cpu-high", "avg(avg_over_time(process_cpu_utilization[5m])) >= 0.9")]
    [InlineData(
        "storage-throttled",
        "sum by (jobpipeline_storage_service) "
            + "(increase(jobpipeline_storage_operations_total{jobpipeline_storage_outcome=\"throttled\"}[5m])) >= 10")]
    public void Expression_OfEachKindOfRule_IsEquivalent(string rule, string expected) =>
        Assert.Equal(expected, PrometheusRules.Expression(AlertRules.Shipped.Single(shipped => shipped.Name == rule)));

    [Fact]
    public void Expression_WithSpecialCharacters_EscapesThem()
    {
        var rule = AlertSamples.Rule() with
        {
            Filter = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                ["b"] = ["x\"y\\z"],
                ["a.b"] = ["a.b", "(c|d)*"],
            },
        };

        Assert.Equal(
            "sum(increase(jobpipeline_dead_letters_total{a_b=~\"a\\\\.b|\\\\(c\\\\|d\\\\)\\\\*\",b=\"x\\\"y\\\\z\"}[5m])) >= 1",
            PrometheusRules.Expression(rule));
    }

    [Fact]
    public void Write_DisabledRule_OmitsIt() =>
        Assert.DoesNotContain(
            "alert: rule",
            PrometheusRules.Write([AlertSamples.Rule() with { IsEnabled = false }], "docs"),
            StringComparison.Ordinal);

    [Fact]
    public void Write_TextsWithQuotes_EscapesThem() =>
        Assert.Contains(
            "title: 'It''s: {gone} # \"really\"'",
            PrometheusRules.Write([AlertSamples.Rule() with { Title = "It's: {gone} # \"really\"" }], "docs"),
            StringComparison.Ordinal);
}
