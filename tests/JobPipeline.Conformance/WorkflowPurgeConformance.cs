using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Conformance;

/// <summary>The contract of workflow purging and retention, for every storage.</summary>
public abstract class WorkflowPurgeConformance : Suite
{
    private static readonly DateOnly Day = new(2026, 1, 2);
    private static readonly DateTimeOffset Noon = new(Day, new TimeOnly(12, 0), TimeSpan.Zero);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private readonly VirtualTimeProvider _time = new(Noon);

    private protected abstract IWorkflowStore Store { get; }

    private protected abstract IWorkflowData Data { get; }

    [Fact]
    public async Task Purge_OfAParent_RemovesEndedChildrenAndGrandchildren()
    {
        var root = await StartAsync();
        var child = await StartAsync(root);
        var grandchild = await StartAsync(child);
        var open = await StartAsync(root);
        var other = await StartAsync();
        foreach (var id in new[] { root, child, grandchild, other })
            await EndAsync(id, Noon);

        Assert.True(await Workflows().PurgeAsync(root, Token));

        var there = await Task.WhenAll(new[] { root, child, grandchild, open, other }.Select(IsThereAsync));
        Assert.Equal([false, false, false, true, true], there);
        Assert.Null(await Data.ReadAsync(grandchild, WorkflowDataName.Output, Token));
        Assert.NotNull(await Data.ReadAsync(other, WorkflowDataName.Output, Token));
        Assert.False(await Workflows().PurgeAsync(root, Token));
    }

    [Fact]
    public async Task Purge_BeforeTheParentIsNotified_IsRejected()
    {
        var id = await StartAsync();
        await EndAsync(id, Noon, new WorkflowEffect.End(WorkflowStatus.Failed, null));

        Assert.False(await Workflows().PurgeAsync(id, Token));

        Assert.True(await IsThereAsync(id));
        Assert.NotNull(await Data.ReadAsync(id, WorkflowDataName.Output, Token));
    }

    [Fact]
    public async Task Rerun_DuringAPurge_IsRejected()
    {
        var id = await StartAsync();
        await EndAsync(id, Noon);
        var ended = (await Store.ReadAsync(id, Token))!;
        await Store.TryWriteAsync(ended with { IsBeingPurged = true }, Token);

        Assert.False(await Workflows().RerunAsync(id, Token));

        Assert.True(await Workflows().PurgeAsync(id, Token));
        Assert.False(await IsThereAsync(id));
    }

    [Fact]
    public async Task Sweep_OfADay_PurgesExpiredInstances()
    {
        var over = await StartAsync();
        var young = await StartAsync();
        var open = await StartAsync();
        _time.Advance(TimeSpan.FromDays(1));
        var dayAfter = await StartAsync();
        await EndAsync(over, Noon);
        await EndAsync(young, Noon.AddDays(9));
        await EndAsync(dayAfter, Noon);

        var result = await Sweep().SweepAsync(Day, null, Step(Noon.AddDays(35)), Token);

        Assert.Equal(new SweepResult(1, null, Noon.AddDays(39)), result);
        var there = await Task.WhenAll(new[] { over, young, open, dayAfter }.Select(IsThereAsync));
        Assert.Equal([false, true, true, true], there);
    }

    [Fact]
    public async Task Sweep_InSteps_CoversTheDay()
    {
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await EndAsync(await StartAsync(), Noon.AddDays(i < 2 ? 9 : 0));
        }

        var (position, removed, steps) = (default(string?), 0, 0);
        do
        {
            var result = await Sweep().SweepAsync(Day, position, Step(Noon.AddDays(35), size: 2), Token);
            (position, removed, steps) = (result.Position, removed + result.Removed, steps + 1);
        }
        while (position is not null);

        Assert.Equal(3, removed);
        Assert.InRange(steps, 3, 4);
        Assert.Equal(2, (await Store.ListAsync(new WorkflowFilter(), null, 10, Token)).Instances.Count);
    }

    private protected static SweepStep Step(DateTimeOffset now, int size = 1000) => new(now, now - TimeSpan.FromDays(1), size);

    internal WorkflowSweep Sweep() => new(
        Store,
        new Lazy<IWorkflowRuntime>(Workflows),
        new JobPipeline.Execution.Verdicts.FaultRules([]),
        Retention,
        Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    protected async Task<string> StartAsync(string? parent = null)
    {
        var id = WorkflowIds.Create(_time.GetUtcNow());
        await Starter().StartAsync(
            WorkflowSamples.Definition(),
            id,
            Samples.Bytes("1"),
            parent is null ? null : new WorkflowOrigin(parent, new StepRun("child", 1)),
            null,
            Token);
        return id;
    }

    private protected async Task EndAsync(string id, DateTimeOffset at, params WorkflowEffect[] outbox)
    {
        var instance = (await Store.ReadAsync(id, Token))!;
        await Data.WriteAsync(id, [KeyValuePair.Create(WorkflowDataName.Output, (ReadOnlyMemory<byte>)Samples.Bytes("2"))], Token);
        Assert.NotNull(
            await Store.TryWriteAsync(
                instance with { State = instance.State with { Status = WorkflowStatus.Failed, UpdatedAt = at }, Outbox = outbox }, Token));
    }

    private async Task<bool> IsThereAsync(string id) => await Store.ReadAsync(id, Token) is not null;

    private IWorkflowRuntime Workflows() => new LocalWorkflows(Store, Data, Events(), Starter(), new WorkflowPurge(Store, Data), _time);

    private WorkflowStarter Starter() => new(Store, Data, Events(), new JobMetrics(), _time);

    private WorkflowEvents Events() => new(new InMemoryQueue(_time), _time);
}
