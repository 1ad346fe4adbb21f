using System.Text.RegularExpressions;
using JobPipeline.Alerts.Rules;
using JobPipeline.Integration.Tests.Processes;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The metrics that a host exposes to Prometheus before its first job.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed partial class MetricsSizeTests(SharedAzurite azurite)
{
    /// <summary>The lines of the five job types of the test host; docs/metrics.md states the number of lines per type.</summary>
    private const int MaxLines = 170;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfANewHost_HaveZerosForAlertsAndNothingForUnusedTypes()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };

        var text = await api.GetStringAsync(new Uri("metrics", UriKind.Relative), Token);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length <= MaxLines, $"{lines.Length} lines, {text.Length} bytes:\n{text}");
        Assert.All(
            lines.Select(line => JobType().Match(line)).Where(type => type.Success),
            type => Assert.Matches("^(test[.].+|unknown)$", type.Groups["type"].Value));
        var named = AlertRules.Shipped
            .Select(rule => PrometheusNames.Metric(rule.Metric, rule.Aggregate)).ToHashSet(StringComparer.Ordinal);
        Assert.All(
            lines.Where(line =>
                line.StartsWith("jobpipeline_", StringComparison.Ordinal)
                && line.Contains("_total{", StringComparison.Ordinal)
                && Zero().IsMatch(line)),
            line => Assert.Contains(line.Split('{')[0], named));
        Assert.Contains(lines, line => line.StartsWith("jobpipeline_attempts_total{", StringComparison.Ordinal) && Zero().IsMatch(line));
    }

    [GeneratedRegex("jobpipeline_job_type=\"(?<type>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex JobType();

    [GeneratedRegex(@"\} 0( \d+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Zero();
}
