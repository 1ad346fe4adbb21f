using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Rescue;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Maintenance;

/// <summary>Tests of instances that die with jobs in flight whose messages stay hidden.</summary>
public sealed class RescueTests
{
    private static readonly TimeSpan HiddenForLong = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UntilTakenForDead = TimeSpan.FromSeconds(70);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AfterAnInstanceStoppedItsHeartbeat_ResendsItsJobWhichRunsOnce()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        var id = await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead);

        var report = await RunAsync(survivor);

        Assert.Equal(new RescueReport(1, 1, 0, 0), report);
        Assert.IsType<DeliveryResult.Succeeded>(await survivor.DeliverAsync());
        var rows = await survivor.RowsAsync(id);
        Assert.Equal(JobState.Succeeded, rows.Record!.Status.State);
        Assert.Equal(1, Assert.Single(rows.Attempts).Deaths);
        Assert.Equal(new RescueReport(0, 0, 0, 0), await RunAsync(survivor));

        // The first message becomes visible at last and finds the job ended.
        survivor.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Superseded>(await survivor.DeliverAsync());
        Assert.Equal(0, survivor.Messages());
    }

    [Fact]
    public async Task Run_WithoutOtherInstances_ReadsTheRowsOncePerLease()
    {
        await using var survivor = new TestPipeline();
        await survivor.Heartbeat.WriteAsync("self-host", Token);
        var store = new CountingStore(survivor.Storage.Instances);
        var rescuer = RescuerOn(survivor, store, survivor.Get<WorkerIdentity>().Name);
        for (var second = 0; second < 120; second += 15)
            await rescuer.RunAsync(survivor.Now.AddSeconds(second), Token);
        Assert.Equal(2, store.Lists);

        // One that starts right after such a read and dies at once is noticed no later.
        await using var victim = survivor.Frozen();
        await rescuer.RunAsync(survivor.Now.AddSeconds(120), Token);
        survivor.Time.Advance(TimeSpan.FromSeconds(120));
        await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead);
        Assert.Equal(1, (await rescuer.RunAsync(survivor.Now, Token))!.Resent);
    }

    [Fact]
    public async Task Run_WithAnotherInstance_ReadsTheRowsEveryTime()
    {
        await using var survivor = new TestPipeline();
        await using var other = survivor.Another();
        await other.Heartbeat.WriteAsync("self-host", Token);
        var store = new CountingStore(survivor.Storage.Instances);
        var rescuer = RescuerOn(survivor, store, survivor.Get<WorkerIdentity>().Name);
        await rescuer.RunAsync(survivor.Now, Token);
        await rescuer.RunAsync(survivor.Now.AddSeconds(15), Token);
        Assert.Equal(2, store.Lists);

        await other.Heartbeat.MarkStoppedAsync("self-host", "test", Token);
        await rescuer.RunAsync(survivor.Now.AddSeconds(30), Token);
        await rescuer.RunAsync(survivor.Now.AddSeconds(45), Token);
        Assert.Equal(3, store.Lists);
    }

    [Fact]
    public async Task Run_BeforeEnoughHeartbeatsAreMissed_IgnoresTheInstance()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead - TimeSpan.FromSeconds(1));

        Assert.Equal(new RescueReport(0, 0, 0, 0), await RunAsync(survivor));
        Assert.Equal(1, survivor.Messages());
    }

    [Fact]
    public async Task Run_BySeveralInstancesThatReadTheSameRow_SendsOneMessage()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead);
        var together = new MeetingStore(survivor.Storage.Instances, callers: 3);
        var rescuers = Enumerable.Range(0, 3).Select(i => RescuerOn(survivor, together, $"rescuer{i}")).ToList();

        var reports = await Task.WhenAll(rescuers.Select(rescuer => rescuer.RunAsync(survivor.Now, Token))).InTime();

        Assert.Equal(1, reports.Sum(report => report!.Resent));
        Assert.Equal(1, reports.Sum(report => report!.Lost));
        Assert.Equal(2, survivor.Messages());
    }

    [Fact]
    public async Task Run_WhileTheLeaseLasts_WaitsForItsEnd()
    {
        await using var survivor = TestPipeline.With(("JobPipeline:Instances:MissedBeats", "2"));
        await using var victim = survivor.Frozen();
        await victim.Heartbeat.WriteAsync("functions", Token);
        survivor.Time.Advance(TimeSpan.FromSeconds(30));
        victim.Time.Advance(TimeSpan.FromSeconds(30));
        var id = await DieWithAJobAsync(victim, beats: false);
        var silent = Assert.Single(await survivor.Storage.Instances.ListAsync(Token));
        await survivor.Storage.Instances.PutAsync(silent with { InFlight = [new InFlightJob(id, 1, PriorityQueues.Normal)] }, Token);
        survivor.Time.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal(new RescueReport(0, 0, 1, 0), await RunAsync(survivor));
        survivor.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(new RescueReport(1, 1, 0, 0), await RunAsync(survivor));
    }

    [Fact]
    public async Task Run_AfterAShutdownWithoutJobsInFlight_OnlyRemovesTheRowLater()
    {
        await using var survivor = new TestPipeline();
        await using var stopped = survivor.Frozen();
        await stopped.Heartbeat.MarkStoppedAsync("functions", "told to", Token);
        survivor.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(new RescueReport(0, 0, 0, 0), await RunAsync(survivor));

        survivor.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(new RescueReport(0, 0, 0, 1), await RunAsync(survivor));
        Assert.Empty(await survivor.Storage.Instances.ListAsync(Token));
    }

    [Fact]
    public async Task Run_AfterAShutdownWithAJobInFlight_ResendsItWhenItsLeaseExpires()
    {
        await using var survivor = new TestPipeline();
        await using var stopped = survivor.Frozen();
        await DieWithAJobAsync(stopped, beats: false);
        await stopped.Heartbeat.MarkStoppedAsync("functions", "told to", Token);

        Assert.Equal(new RescueReport(0, 0, 1, 0), await RunAsync(survivor));
        survivor.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(new RescueReport(0, 1, 0, 0), await RunAsync(survivor));
        Assert.Equal(new RescueReport(0, 0, 0, 0), await RunAsync(survivor));
    }

    [Fact]
    public async Task Run_AfterARescue_KeepsTheRowForADay()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        await victim.Heartbeat.WriteAsync("functions", Token);
        survivor.Time.Advance(UntilTakenForDead);
        Assert.Equal(new RescueReport(1, 0, 0, 0), await RunAsync(survivor));

        survivor.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(new RescueReport(0, 0, 0, 1), await RunAsync(survivor));
    }

    [Fact]
    public async Task Run_WhenTheQueueIsUnavailable_Retries()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead);
        survivor.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal);
        Assert.Equal(new RescueReport(0, 0, 1, 0), await RunAsync(survivor));

        survivor.Storage.FailsBefore = static _ => false;

        Assert.Equal(new RescueReport(1, 1, 0, 0), await RunAsync(survivor));
    }

    [Fact]
    public async Task Run_AfterARescuerDiedHalfway_IsTakenOverAfterAMinute()
    {
        await using var survivor = new TestPipeline();
        await using var victim = survivor.Frozen();
        await DieWithAJobAsync(victim);
        survivor.Time.Advance(UntilTakenForDead);
        var row = Assert.Single(await survivor.Storage.Instances.ListAsync(Token));
        await survivor.Storage.Instances.TryReplaceAsync(row with { RescueUntil = survivor.Now + TimeSpan.FromMinutes(1) }, Token);

        Assert.Equal(0, (await RunAsync(survivor)).Resent);
        survivor.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await RunAsync(survivor)).Resent);
    }

    [Fact]
    public async Task Heartbeat_OfAnInstanceConsideredDead_MakesItAliveAgain()
    {
        await using var survivor = new TestPipeline();
        await using var stalled = survivor.Another();
        await stalled.Heartbeat.WriteAsync("functions", Token);
        survivor.Time.Advance(UntilTakenForDead);
        Assert.Equal(1, (await RunAsync(survivor)).Lost);

        await stalled.Heartbeat.WriteAsync("functions", Token);

        Assert.Null(Assert.Single(await survivor.Storage.Instances.ListAsync(Token)).RescuedAt);
        survivor.Time.Advance(UntilTakenForDead);
        Assert.Equal(1, (await RunAsync(survivor)).Lost);
    }

    /// <summary>Starts a job on a victim with a frozen clock: it sends no heartbeat, renews no lease, and its handler never ends.</summary>
    private static async Task<JobId> DieWithAJobAsync(TestPipeline victim, bool beats = true)
    {
        victim.Script.Hangs();
        var id = await victim.EnqueueAsync();
        var delivery = Assert.Single(await victim.Storage.Queue.ReceiveAsync(PriorityQueues.Normal, 1, HiddenForLong, Token));
        _ = victim.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
        Assert.Single(victim.Script.Starts);
        if (beats)
            await victim.Heartbeat.WriteAsync("functions", Token);
        return id;
    }

    private static async Task<RescueReport> RunAsync(TestPipeline pipeline) =>
        (await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Rescue!;

    private static Rescuer RescuerOn(TestPipeline pipeline, IInstanceStore instances, string name) =>
        new(
            instances,
            pipeline.Storage,
            pipeline.Storage,
            new JobMetrics(),
            new WorkerIdentity(name),
            Options.Create(new JobPipelineOptions()),
            Options.Create(new InstanceOptions()),
            NullLogger<Rescuer>.Instance);

    private sealed class CountingStore(IInstanceStore inner) : IInstanceStore
    {
        public int Lists { get; private set; }

        public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
        {
            Lists++;
            return inner.ListAsync(cancellationToken);
        }

        public Task PutAsync(Instance instance, CancellationToken cancellationToken) => inner.PutAsync(instance, cancellationToken);

        public Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken) =>
            inner.TryReplaceAsync(instance, cancellationToken);

        public Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken) =>
            inner.TryRemoveAsync(instance, cancellationToken);
    }

    /// <summary>A store in which no caller continues before all have read.</summary>
    private sealed class MeetingStore(IInstanceStore inner, int callers) : IInstanceStore
    {
        private readonly TaskCompletionSource _all = new();
        private int _read;

        public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
        {
            var rows = await inner.ListAsync(cancellationToken);
            if (Interlocked.Increment(ref _read) == callers)
                _all.SetResult();
            await _all.Task;
            return rows;
        }

        public Task PutAsync(Instance instance, CancellationToken cancellationToken) => inner.PutAsync(instance, cancellationToken);

        public Task<string?> TryReplaceAsync(Instance instance, CancellationToken cancellationToken) =>
            inner.TryReplaceAsync(instance, cancellationToken);

        public Task<bool> TryRemoveAsync(Instance instance, CancellationToken cancellationToken) =>
            inner.TryRemoveAsync(instance, cancellationToken);
    }
}
