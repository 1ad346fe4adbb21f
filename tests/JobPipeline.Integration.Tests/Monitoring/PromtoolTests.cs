using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Prometheus accepts the rules file, and each rule fires exactly when its condition is true.</summary>
[Slow]
public sealed class PromtoolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("promtool-");

    public static TheoryData<string> Rules => [.. AlertRules.Shipped.Select(rule => rule.Name)];

    private string RulesFile => Path.Combine(_folder.FullName, "rules.yml");

    [Fact]
    public async Task Check_OfTheRulesFile_Passes()
    {
        await WriteRulesAsync();

        var (exit, output) = await Promtool.RunAsync("check", "rules", RulesFile);

        Assert.True(exit == 0 && output.Contains($"SUCCESS: {AlertRules.Shipped.Count} rules found", StringComparison.Ordinal), output);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Rule_WithEachSeries_FiresOnlyWhenItsConditionIsTrue(string name)
    {
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == name);
        var trials = RuleTestFile.TrialsOf(rule);
        Assert.Contains(trials, trial => trial.Firing.Any(firing => firing.Alerts > 0));
        Assert.Contains(trials, trial => trial.Firing.All(firing => firing.Alerts == 0));

        var (exit, output) = await TestAsync(RuleTestFile.Of(rule, trials, RulesFile));

        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Rule_ThatDoesNotFireAsExpected_IsDetected()
    {
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == "dead-letters-growing");

        var (exit, output) = await TestAsync(
            RuleTestFile.Of(rule, [new("wrong on purpose", [("jobpipeline_dead_letters_total", "0x400")], (20, 1))], RulesFile));

        Assert.True(exit != 0, output);
    }

    [Fact]
    public async Task Alert_OfARule_StatesCauseLocationAndRemedy()
    {
        var (exit, output) = await TestAsync($$$"""
            rule_files:
              - {{{RulesFile}}}
            evaluation_interval: 15s
            tests:
              - interval: 15s
                input_series:
                  - series: 'jobpipeline_queue_oldest_age_seconds{messaging_destination_name="jobs-low",instance="a"}'
                    values: '1000x400'
                  - series: 'jobpipeline_queue_oldest_age_seconds{messaging_destination_name="jobs-low",instance="b"}'
                    values: '1234.5x400'
                alert_rule_test:
                  - eval_time: 6m
                    alertname: oldest-job-waits
                    exp_alerts:
                      - exp_labels:
                          severity: warning
                          messaging_destination_name: jobs-low
                        exp_annotations:
                          title: The oldest due job waits too long
                          description: 'The oldest due job waits too long (jobs-low): 1234.5 >= 900 within 5m'
                          runbook_url: docs/runbook.md#the-oldest-job-waits-too-long
            """);

        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task Alert_WhoseValueFlutters_IsOneAlert()
    {
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == "circuit-open");
        // Two minutes above and nine below, repeatedly: each time longer than the window, but shorter than the time to resolve.
        var values = string.Join(' ', Enumerable.Repeat("700x7 1x35", 6));

        var trial = new RuleTrial(
            "flutters",
            [("jobpipeline_circuit_open_time_seconds{jobpipeline_circuit_name=\"smtp\"}", values)],
            [.. Enumerable.Range(1, 59).Select(minute => (minute, 1))]);

        var (exit, output) = await TestAsync(RuleTestFile.Of(rule, [trial], RulesFile));

        Assert.True(exit == 0, output);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task WriteRulesAsync() => File.WriteAllTextAsync(
        RulesFile, PrometheusRules.Write(AlertRules.Shipped, new AlertOptions().Runbook), TestContext.Current.CancellationToken);

    private async Task<(int ExitCode, string Output)> TestAsync(string tests)
    {
        await WriteRulesAsync();
        var file = Path.Combine(_folder.FullName, "tests.yml");
        await File.WriteAllTextAsync(file, tests, TestContext.Current.CancellationToken);
        return await Promtool.RunAsync("test", "rules", file);
    }
}
