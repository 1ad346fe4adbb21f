using JobPipeline.Diagnostics;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Monitoring;

public sealed class WorkflowGaugesTests : IDisposable
{
    /// <summary>One page and twenty instances.</summary>
    private const int MaxOperationsACall = 21;

    private static readonly WorkflowDefinition Working = new("working", 1, [new WorkflowStep("work", new JobAction("test.work"))]);
    private static readonly WorkflowDefinition Waiting = new("waiting", 1, [new WorkflowStep("ok", new WaitAction("approved"))]);

    private readonly MeasuredMeters _meters = new();
    private readonly VirtualTimeProvider _time = new();
    private readonly CountedStore _store = new();
    private readonly WorkflowGauges _gauges;

    public WorkflowGaugesTests() => _gauges = new WorkflowGauges(_store, new JobMetrics(_meters), _time, new GaugeOptions());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Round_OfSeveralPages_CountsEveryOpenInstanceOnceAtABoundedCostPerCall()
    {
        await AddAsync(110, Working);
        await AddAsync(130, Waiting);
        await AddAsync(5, Working, state => state with { IsSuspended = true });
        await AddAsync(4, Working, state => state with { Status = WorkflowStatus.Compensating });
        await AddAsync(3, Working, state => state with { Status = WorkflowStatus.Cancelling });
        await AddAsync(30, Working, state => state with { Status = WorkflowStatus.Completed });
        _time.Advance(TimeSpan.FromHours(2));
        await AddAsync(205, Working);

        var calls = await RoundAsync();

        Assert.InRange(calls, 10, 20);
        Assert.Equal([("cancelling", 3d), ("compensating", 4d), ("running", 445d), ("suspended", 5d)], Open());
        Assert.Equal(117, Stuck());
    }

    [Fact]
    public async Task Round_WithANewInstanceThatIsRetriedRepeatedly_CountsItAsStuckWithoutReadingIt()
    {
        await AddAsync(3, Working);
        var instance = WorkflowInstance.Create(Waiting, "stalled", parent: null, correlationId: null, _time.GetUtcNow());
        var stall = new WorkflowStall(2, _time.GetUtcNow(), _time.GetUtcNow(), "unplugged");
        var version = await _store.TryWriteAsync(instance with { Stall = stall }, Token);
        await RoundAsync();
        Assert.Equal(0, Stuck());

        Assert.NotNull(await _store.TryWriteAsync(instance with { Version = version, Stall = stall with { Tries = 3 } }, Token));
        // One page for each open status.
        for (var call = 0; call < WorkflowCount.Open.Count; call++)
            await _gauges.MeasureAsync(Token);

        Assert.Equal(1, Stuck());
    }

    [Fact]
    public async Task NextRound_WhenComplete_ReplacesTheLastOne()
    {
        await AddAsync(25, Working);
        await RoundAsync();
        Assert.Equal((25d, 0d), (Open().Single(state => state.State == "running").Count, Stuck()));

        _time.Advance(TimeSpan.FromMinutes(61));
        await _gauges.MeasureAsync(Token);
        // Twenty of them are known to be stuck; five have not been checked yet.
        Assert.Empty(_meters.Now("jobpipeline.workflows.stuck"));
        await RoundAsync();
        Assert.Equal(25, Stuck());
    }

    public void Dispose() => _meters.Dispose();

    /// <summary>Measures until a value is reported; returns the number of calls.</summary>
    private async Task<int> RoundAsync()
    {
        for (var calls = 1; ; calls++)
        {
            Assert.True(calls < 100, "the round does not end");
            _store.Operations = 0;
            await _gauges.MeasureAsync(Token);
            Assert.InRange(_store.Operations, 0, MaxOperationsACall);
            if (_meters.Now("jobpipeline.workflows.stuck").Count > 0)
                return calls;
        }
    }

    private async Task AddAsync(int count, WorkflowDefinition definition, Func<WorkflowState, WorkflowState>? change = null)
    {
        for (var i = 0; i < count; i++)
        {
            var instance = WorkflowInstance.Create(definition, $"{Guid.NewGuid():N}", parent: null, correlationId: null, _time.GetUtcNow());
            var running = instance.State with
            {
                Steps =
                [
                    new StepState
                    {
                        Status = StepStatus.Running,
                        StartedAt = _time.GetUtcNow(),
                        Slots = [new Slot(1)],
                    },
                ],
            };
            Assert.NotNull(await _store.TryWriteAsync(instance with { State = change?.Invoke(running) ?? running }, Token));
        }
    }

    private IEnumerable<(string State, double Count)> Open() =>
        _meters
            .Now("jobpipeline.workflows.open")
            .Select(measured => (measured["jobpipeline.workflow.state"], measured.Value))
            .OrderBy(measured => measured.Item1, StringComparer.Ordinal);

    private double Stuck() => Assert.Single(_meters.Now("jobpipeline.workflows.stuck")).Value;

    private sealed class CountedStore : IWorkflowStore
    {
        private readonly InMemoryWorkflowStore _inner = new(new InMemoryWorkflowData());

        public int Operations { get; set; }

        public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) =>
            Counted().ReadAsync(id, cancellationToken);

        public Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken) =>
            Counted().TryWriteAsync(instance, cancellationToken);

        public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
            Counted().ListAsync(filter, cursor, limit, cancellationToken);

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => Counted().RemoveAsync(id, cancellationToken);

        public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) =>
            Counted().RemoveListingAsync(listed, cancellationToken);

        private InMemoryWorkflowStore Counted()
        {
            Operations++;
            return _inner;
        }
    }
}
