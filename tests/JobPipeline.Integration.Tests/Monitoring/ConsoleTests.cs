using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The console output of a real host: one line per failed job, with time, level, job and type, and none for the others.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed partial class ConsoleTests(SharedAzurite azurite)
{
    private const int Jobs = 30;

    [Fact]
    public async Task Console_OfManyJobs_HasOneLinePerFailureAndNoneForSuccesses()
    {
        var (output, failing) = await RunAsync();

        var lines = output.Where(line => line.Contains("JobPipeline.", StringComparison.Ordinal)).ToList();
        Assert.All(lines, line => Assert.Matches(Entry(), line));
        var line = Assert.Single(lines, line => line.Contains(failing, StringComparison.Ordinal));
        Assert.Matches(
            @"Z fail: JobPipeline\.Execution\.DeadLetterWriter\[1002\] "
                + $@"Job {failing} \(test\.work\) became a dead letter \(PermanentFailure\): \S+JobRejectedException: failed as requested$",
            line);
        Assert.DoesNotContain(output, line => line.Contains("dbug:", StringComparison.Ordinal));
        Assert.True(output.Count < Jobs, $"{output.Count} lines: {string.Join(Environment.NewLine, output)}");
    }

    [Fact]
    public async Task Console_InJson_IsOneObjectPerLineWithTheJobsScopes()
    {
        var (output, failing) = await RunAsync("Logging:Console:FormatterName=json");

        var line = Assert.Single(output, line => line.Contains("became a dead letter", StringComparison.Ordinal));
        var entry = JsonElement.Parse(line);
        Assert.Equal(failing, entry.GetProperty("State").GetProperty("JobId").GetString());
        Assert.Contains(
            entry.GetProperty("Scopes").EnumerateArray(),
            scope => scope.TryGetProperty("JobType", out var type) && type.GetString() == "test.work");
        Assert.True(DateTimeOffset.TryParse(entry.GetProperty("Timestamp").GetString(), CultureInfo.InvariantCulture, out _));
    }

    /// <summary>Runs many jobs that succeed, then one that fails permanently, stops the host and returns its output.</summary>
    private async Task<(IReadOnlyList<string> Output, string Failing)> RunAsync(params string[] settings)
    {
        var prefix = azurite.NewPrefix();
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, settings);
        await host.StartAsync();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        for (var i = 0; i < Jobs; i++)
            await producer.DropAsync("""{ "type": "test.echo", "payload": { "text": "hello" } }""");
        await Eventually.TrueAsync(() => host.Starts.Length >= Jobs, "the jobs have run");
        var failing = $"{await producer.DropAsync("""{ "type": "test.work", "payload": { "failForGood": true } }""")}";
        await Eventually.TrueAsync(
            () => host.Output.Any(line =>
                line.Contains(failing, StringComparison.Ordinal) && line.Contains("dead letter", StringComparison.Ordinal)),
            "the failure is logged");
        Assert.Equal(0, await host.StopAsync());
        return ([.. host.Output], failing);
    }

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail|crit): [\w.`]+\[\d+\] ",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();
}
