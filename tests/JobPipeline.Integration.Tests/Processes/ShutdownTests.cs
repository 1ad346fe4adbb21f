using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>The shutdown of a host on SIGTERM.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class ShutdownTests(SharedAzurite azurite)
{
    private const int MaxDeaths = 3;

    [Fact]
    public async Task Terminated_WithRunningHandlers_LetsThemEndAndReleasesTheRest()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, "JobPipeline:Listener:MaxConcurrency=4");
        await host.StartAsync();
        var jobs = new List<JobId>();
        for (var i = 0; i < 20; i++)
            jobs.Add(await producer.DropAsync("""{ "type": "test.work", "payload": { "milliseconds": 3000 } }"""));
        await Eventually.TrueAsync(() => host.Starts.Length >= 4, "four handlers have started");

        var code = await host.StopAsync();

        Assert.Equal(0, code);
        var begun = host.Starts.Length;
        Assert.InRange(begun, 4, 12);
        foreach (var line in host.Starts)
        {
            var rows = await producer.Jobs.GetAsync(JobId.Parse(line.Split(' ')[0]), TestContext.Current.CancellationToken);
            Assert.Equal(JobState.Succeeded, rows.Record!.Status.State);
            Assert.Equal(0, rows.Current!.Deaths);
        }

        await host.StartAsync();
        await HistoryChecker.JudgeAsync(producer, jobs, MaxDeaths, host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminated_WithAHandlerThatIgnoresCancellation_Stops(bool blocksItsThread)
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(
            azurite.ConnectionString, prefix, "JobPipeline:ShutdownGrace=00:00:01", "JobPipeline:AbandonAfter=00:00:01");
        await host.StartAsync();
        var request = JobRequest.For("test.stubborn", new StubbornPayload(blocksItsThread));
        var stubborn = (await producer.Jobs.EnqueueAsync(request, TestContext.Current.CancellationToken)).Id;
        await Eventually.TrueAsync(() => host.Starts.Length == 1, "the stubborn handler has started");

        var code = await host.StopAsync();

        Assert.Equal(0, code);
        var rows = await producer.Jobs.GetAsync(stubborn, TestContext.Current.CancellationToken);
        Assert.Equal(AttemptState.Released, rows.Current!.State);
        Assert.Equal(1, rows.Current.Number);
        Assert.Equal(0, rows.Current.Deaths);

        // Another host runs the released attempt again, and the job can be cancelled there.
        await host.StartAsync();
        await Eventually.TrueAsync(() => host.Starts.Length == 2, "the stubborn handler has started again");
        await producer.Jobs.CancelAsync(stubborn, "enough", TestContext.Current.CancellationToken);
        await HistoryChecker.JudgeAsync(producer, [stubborn], MaxDeaths, host);
        Assert.Equal(
            JobState.Cancelled, (await producer.Jobs.GetAsync(stubborn, TestContext.Current.CancellationToken)).Record!.Status.State);
    }
}
