using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Other hosts raise an alert for a host that dies, and none for a host that shuts down.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class WatchdogTests(SharedAzurite azurite)
{
    private const string Lost = """jobpipeline_instances_lost_total{""";

    private static readonly string[] Quick =
    [
        "JobPipeline:Lease=00:00:12", "JobPipeline:Instances:BeatInterval=00:00:01", "JobPipeline:Instances:MissedBeats=8",
        "JobPipeline:Housekeeping:RescueInterval=00:00:01", "JobPipeline:ShutdownGrace=00:00:00", "JobPipeline:AbandonAfter=00:00:01",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instance_Killed_IsCountedByAnotherAndAStoppedOneIsNot()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var watcher = new TestHostProcess(azurite.ConnectionString, prefix, [.. Quick, "JobPipeline:Listener:MaxConcurrency=1"]);
        using var victim = new TestHostProcess(azurite.ConnectionString, prefix, Quick);
        using var leaver = new TestHostProcess(azurite.ConnectionString, prefix, Quick);
        await victim.StartAsync();
        var id = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.stubborn", new StubbornPayload()), Token)).Id;
        await Eventually.TrueAsync(() => victim.Starts.Length == 1, "the victim has the job in hand");
        await watcher.StartAsync();
        await leaver.StartAsync();
        using var api = new HttpClient { BaseAddress = watcher.Address };
        Assert.Equal(0, await CountAsync(api, Lost));

        Assert.Equal(0, await leaver.StopAsync());
        victim.Kill();

        await Eventually.TrueAsync(async () => await CountAsync(api, Lost) > 0, "the watcher has noticed");
        // Both have been silent for equally long; a false alert for the stopped host would be raised within the next rounds.
        var rounds = await CountAsync(api, "jobpipeline_heartbeat_total{");
        await Eventually.TrueAsync(
            async () => await CountAsync(api, "jobpipeline_heartbeat_total{") >= rounds + 5,
            "the watcher has checked again");
        Assert.Equal(1, await CountAsync(api, Lost));
        Assert.Single(watcher.Output, line => line.Contains("was lost:", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => watcher.Starts.Length == 1, "the watcher has started the job");
        await producer.Jobs.CancelAsync(id, "enough", Token);
    }

    /// <summary>Returns the sum of a counter's series.</summary>
    private static async Task<double> CountAsync(HttpClient api, string series) =>
        (await api.GetStringAsync(new Uri("metrics", UriKind.Relative), Token))
            .Split('\n')
            .Where(line => line.StartsWith(series, StringComparison.Ordinal))
            .Sum(
                line => double.Parse(
                    line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
                    System.Globalization.CultureInfo.InvariantCulture));
}
