using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Samples that the tests of alerts share.</summary>
internal static class AlertSamples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Creates a rule that is true for values of at least 1.</summary>
    public static AlertRule Rule(int forSeconds = 0, int resolveAfterSeconds = 0) => new()
    {
        Name = "rule",
        Title = "A rule",
        Metric = "jobpipeline.dead_letters",
        Aggregate = AlertAggregate.Sum,
        Operator = AlertOperator.AtLeast,
        Threshold = 1,
        Window = TimeSpan.FromMinutes(5),
        For = TimeSpan.FromSeconds(forSeconds),
        ResolveAfter = TimeSpan.FromSeconds(resolveAfterSeconds),
        Severity = 2,
        Runbook = "a-rule",
    };

    public static AlertContext Context(int second, string instance = "a", params string[] living) =>
        new(instance, living.ToHashSet(StringComparer.Ordinal), "docs/runbook.md", Start.AddSeconds(second));
}
