using Azure.Data.Tables;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Hosts that die and hosts that shut down, as other hosts see them.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class RescueTests(SharedAzurite azurite)
{
    private static readonly string[] Quick =
    [
        "JobPipeline:Lease=00:00:12", "JobPipeline:Instances:BeatInterval=00:00:01", "JobPipeline:Instances:MissedBeats=8",
        "JobPipeline:Housekeeping:RescueInterval=00:00:01", "JobPipeline:ShutdownGrace=00:00:00", "JobPipeline:AbandonAfter=00:00:01",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_WithAJobWhoseMessageIsHidden_AnotherHostRunsIt()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var victim = new TestHostProcess(azurite.ConnectionString, prefix, Quick);
        await victim.StartAsync();
        var id = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.stubborn", new StubbornPayload()), Token)).Id;
        await Eventually.TrueAsync(
            async () => (await InstancesAsync(producer)).Any(row => row.GetString("InFlight").Contains($"{id}", StringComparison.Ordinal)),
            "the heartbeat row lists the job");
        // Hidden for the rest of the test, as a Functions host hides a message for a long time.
        await producer.Queue(PriorityQueues.Normal).ClearMessagesAsync(Token);
        using var survivor = new TestHostProcess(azurite.ConnectionString, prefix, Quick);
        await survivor.StartAsync();
        Assert.Empty(survivor.Starts);

        victim.Kill();

        await Eventually.TrueAsync(() => survivor.Starts.Length == 1, "the other host has started the job");
        var rows = await producer.Jobs.GetAsync(id, Token);
        Assert.Equal((1, 1), (rows.Current!.Number, rows.Current.Deaths));
        var lost = Assert.Single(await InstancesAsync(producer), row => row.ContainsKey("RescuedAt"));
        Assert.False(lost.ContainsKey("GoodbyeAt"));
        Assert.Contains(survivor.Output, line => line.Contains("was lost:", StringComparison.Ordinal));
        await producer.Jobs.CancelAsync(id, "enough", Token);
    }

    [Fact]
    public async Task Message_DeletedManually_IsResentAndTheJobRuns()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var id = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.work", new WorkPayload()), Token)).Id;
        await producer.Queue(PriorityQueues.Normal).ClearMessagesAsync(Token);
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            prefix,
            [.. Quick, "JobPipeline:Housekeeping:OverdueInterval=00:00:01", "JobPipeline:Housekeeping:OverdueMargin=00:00:02"]);
        await host.StartAsync();

        await Eventually.TrueAsync(
            async () => (await producer.Jobs.GetAsync(id, Token)).Record!.Status.State == JobState.Succeeded,
            "the job has run after all");

        Assert.Single(host.Starts);
        Assert.Contains(host.Output, line => line.Contains("is overdue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Terminated_WithAnInFlightJob_ReleasesItAndMarksTheInstanceStopped()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, Quick);
        await host.StartAsync();
        var id = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.stubborn", new StubbornPayload()), Token)).Id;
        await Eventually.TrueAsync(() => host.Starts.Length == 1, "the handler has started");

        Assert.Equal(0, await host.StopAsync());

        var row = Assert.Single(await InstancesAsync(producer));
        Assert.Equal(("self-host", "[]"), (row.GetString("Kind"), row.GetString("InFlight")));
        Assert.NotNull(row.GetDateTimeOffset("GoodbyeAt"));
        Assert.Equal("the host was shut down", row.GetString("GoodbyeReason"));
        Assert.Equal(AttemptState.Released, (await producer.Jobs.GetAsync(id, Token)).Current!.State);
    }

    private static async Task<IReadOnlyList<TableEntity>> InstancesAsync(Producer producer)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in producer.Table("Instances").QueryAsync<TableEntity>(cancellationToken: Token))
            rows.Add(row);
        return rows;
    }
}
