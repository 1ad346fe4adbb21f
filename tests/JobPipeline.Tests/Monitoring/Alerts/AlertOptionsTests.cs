using JobPipeline.Alerts.Rules;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of the settings of alert rules and their validation.</summary>
public sealed class AlertOptionsTests
{
    [Theory]
    [InlineData("JobPipeline:Alerts:Intervall", "00:00:15", "JobPipeline:Alerts:Intervall is not a setting; did you mean 'Interval'?")]
    [InlineData(
        "JobPipeline:Alerts:Interval",
        "00:10:00",
        "JobPipeline:Alerts:Interval: The field Interval must be between 00:00:01 and 00:05:00.")]
    [InlineData(
        "JobPipeline:Alerts:Rules:failure-rates:Threshold",
        "0.2",
        "JobPipeline:Alerts:Rules:failure-rates is not an alert rule; did you mean 'failure-rate'?")]
    [InlineData(
        "JobPipeline:Alerts:Rules:failure-rate:Treshold",
        "0.2",
        "JobPipeline:Alerts:Rules:failure-rate:Treshold is not a setting; did you mean 'Threshold'?")]
    [InlineData(
        "JobPipeline:Alerts:Rules:failure-rate:Threshold",
        "10",
        "JobPipeline:Alerts:Rules:failure-rate:Threshold is 10; the value is a ratio, so it must be between 0 and 1")]
    [InlineData(
        "JobPipeline:Alerts:Rules:failure-rate:Severity",
        "5",
        "JobPipeline:Alerts:Rules:failure-rate:Severity: The field Severity must be between 0 and 4.")]
    [InlineData(
        "JobPipeline:Alerts:Rules:cpu-high:Minimum",
        "5",
        "JobPipeline:Alerts:Rules:cpu-high:Minimum applies only to rules with a ratio as their value, which this rule does not have")]
    [InlineData(
        "JobPipeline:Alerts:Rules:cpu-high:For",
        "2.00:00:00",
        "JobPipeline:Alerts:Rules:cpu-high:For: The field For must be between")]
    public void Start_WithAnInvalidSetting_ThrowsNamingItAndTheNearestValidOne(string path, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            TestPipeline.With((path, value), ("JobPipeline:Alerts:Rules:cpu-high:Enabled", "true")).Get<IStartupValidator>().Validate());

        Assert.StartsWith(expected, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_WithSettings_ApplyThem()
    {
        await using var pipeline = TestPipeline.With(
            ("JobPipeline:Alerts:ResolveAfter", "00:01:00"),
            ("JobPipeline:Alerts:Rules:failure-rate:Threshold", "0.25"),
            ("JobPipeline:Alerts:Rules:failure-rate:Minimum", "7"),
            ("JobPipeline:Alerts:Rules:failure-rate:Window", "00:30:00"),
            ("JobPipeline:Alerts:Rules:failure-rate:For", "00:00:00"),
            ("JobPipeline:Alerts:Rules:failure-rate:ResolveAfter", "00:02:00"),
            ("JobPipeline:Alerts:Rules:failure-rate:Severity", "0"),
            ("JobPipeline:Alerts:Rules:cpu-high:Enabled", "false"));

        var rules = pipeline.Get<AlertRules>();

        var changed = rules.Find("failure-rate")!;
        Assert.Equal(
            (0.25, 7.0, TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeSpan.FromMinutes(2), 0, true),
            (
                changed.Threshold,
                changed.Per!.Minimum,
                changed.Window,
                changed.For,
                changed.ResolveAfter,
                changed.Severity,
                changed.IsEnabled));
        Assert.False(rules.Find("cpu-high")!.IsEnabled);
        Assert.Equal(TimeSpan.FromMinutes(1), rules.Find("memory-high")!.ResolveAfter);
        Assert.Equal(AlertRules.Shipped.Count, rules.All.Count);
    }
}
