using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Monitoring;

public sealed class InstanceHeartbeatTests
{
    private const string Kind = "self-host";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Heartbeat_WhileAJobRuns_ListsItUntilItsOutcomeIsRecorded()
    {
        await using var pipeline = new TestPipeline();
        var started = pipeline.Now;
        var gate = pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromSeconds(5));

        await pipeline.Heartbeat.WriteAsync(Kind, Token);

        var beat = await OnlyAsync(pipeline);
        Assert.Equal((Kind, started, pipeline.Now, 1), (beat.Kind, beat.StartedAt, beat.LastHeartbeatAt, beat.InFlightCount));
        Assert.Equal(new InFlightJob(id, 1, PriorityQueues.Normal), Assert.Single(beat.InFlight));
        Assert.Equal((await pipeline.RowsAsync(id)).Current!.Owner, beat.Name);

        gate.SetResult(JobOutcome.Success());
        await run.InTime();
        await pipeline.Heartbeat.WriteAsync(Kind, Token);
        Assert.Empty((await OnlyAsync(pipeline)).InFlight);
    }

    [Fact]
    public async Task Heartbeat_UntilTheHostStops_WritesOneRowAtEachInterval()
    {
        await using var pipeline = new TestPipeline();
        using var stopping = new CancellationTokenSource();
        var heartbeat = pipeline.Heartbeat.KeepBeatingAsync(Kind, stopping.Token);
        var first = await OnlyAsync(pipeline);

        pipeline.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(first.Version, (await OnlyAsync(pipeline)).Version);
        pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(pipeline.Now, (await OnlyAsync(pipeline)).LastHeartbeatAt);

        await stopping.CancelAsync();
        await heartbeat;
        await pipeline.Heartbeat.MarkStoppedAsync(Kind, "told to", Token);
        var stopped = await OnlyAsync(pipeline);
        Assert.Equal((pipeline.Now, "told to"), (stopped.StoppedAt, stopped.StopReason));
    }

    [Fact]
    public async Task Heartbeat_WithMoreJobsThanARowHolds_ListsTheLongestRunning()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Hangs();
        var ids = new List<JobId>();
        for (var i = 0; i < Instance.MaxListed + 3; i++)
        {
            ids.Add(await pipeline.EnqueueAsync());
            _ = pipeline.DeliverAsync();
        }

        await pipeline.Heartbeat.WriteAsync(Kind, Token);

        var beat = await OnlyAsync(pipeline);
        Assert.Equal(ids.Count, beat.InFlightCount);
        Assert.Equal(ids[..Instance.MaxListed], beat.InFlight.Select(job => job.Job));
    }

    private static async Task<Instance> OnlyAsync(TestPipeline pipeline) =>
        Assert.Single(await pipeline.Storage.Instances.ListAsync(Token));
}
