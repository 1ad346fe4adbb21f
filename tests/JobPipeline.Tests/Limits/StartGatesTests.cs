using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Limits;

/// <summary>In which order the gates are asked, and what becomes of their permits.</summary>
public sealed class StartGatesTests
{
    private readonly List<string> _log = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gates_OfTheCore_AreRegisteredWithAPlaceOfTheirOwn()
    {
        await using var pipeline = new TestPipeline();
        var gates = pipeline.Get<IEnumerable<IStartGate>>().ToList();

        Assert.Equal(
            typeof(IStartGate).Assembly.GetTypes()
                .Where(type => type.IsClass && type.IsAssignableTo(typeof(IStartGate)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            gates.Select(gate => gate.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(gates.Count, gates.Select(gate => gate.Order).Distinct().Count());
    }

    [Fact]
    public async Task Ask_OfOpenGates_AsksThemInOrderAndSettlesTheirPermitsInReverse()
    {
        var decision = await AskAsync(Gate("b", 2), Gate("a", 1), Gate("free", 3, hasPermit: false));
        var permit = Assert.IsType<GateDecision.Open>(decision).Permit!;
        await permit.CompleteAsync(PermitOutcome.Succeeded);
        await permit.ReturnAsync();
        await permit.CompleteAsync(PermitOutcome.Succeeded);

        Assert.Equal(["ask a", "ask b", "ask free", "complete b Succeeded", "complete a Succeeded"], _log);
    }

    [Fact]
    public async Task Ask_OfGatesWithoutPermits_HasNone() =>
        Assert.Same(GateDecision.Open.WithoutPermit, await AskAsync(Gate("a", 1, hasPermit: false), Gate("b", 2, hasPermit: false)));

    [Fact]
    public async Task Ask_OfAClosedGate_ReturnsThePermitsBeforeItAndAsksNoneBehindIt()
    {
        var closed = new GateDecision.Closed(DateTimeOffset.MaxValue, DeferralReason.Paused, "closed", OnRecord: false);

        var decision = await AskAsync(Gate("a", 1), Gate("b", 2), new ScriptedGate("shut", 3, _log, () => closed), Gate("c", 4));

        Assert.Same(closed, decision);
        Assert.Equal(["ask a", "ask b", "ask shut", "return b", "return a"], _log);
    }

    [Fact]
    public async Task Ask_OfAGateThatFails_ReturnsThePermitsBeforeIt()
    {
        await Assert.ThrowsAsync<IOException>(
            () => AskAsync(Gate("a", 1), new ScriptedGate("down", 2, _log, () => throw new IOException("down"))));

        Assert.Equal(["ask a", "ask down", "return a"], _log);
    }

    private static Task<GateDecision> AskAsync(params IStartGate[] gates)
    {
        var spec = new JobSpec { Type = "t", EnqueuedAt = DateTimeOffset.UnixEpoch };
        var request = new StartRequest(
            JobId.Create(DateTimeOffset.UnixEpoch), PriorityQueues.Normal, spec, Descriptor: null, WillRun: true);
        return new StartGates(gates).AskAsync(request, Token).AsTask();
    }

    private ScriptedGate Gate(string name, int order, bool hasPermit = true) =>
        new(name, order, _log, () => hasPermit ? new GateDecision.Open(new LoggedPermit(name, _log)) : GateDecision.Open.WithoutPermit);

    private sealed class ScriptedGate(string name, int order, List<string> log, Func<GateDecision> decide) : IStartGate
    {
        public int Order => order;

        public ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken)
        {
            log.Add($"ask {name}");
            return ValueTask.FromResult(decide());
        }
    }

    private sealed class LoggedPermit(string name, List<string> log) : IStartPermit
    {
        public ValueTask CompleteAsync(PermitOutcome outcome)
        {
            log.Add($"complete {name} {outcome}");
            return ValueTask.CompletedTask;
        }

        public ValueTask ReturnAsync()
        {
            log.Add($"return {name}");
            return ValueTask.CompletedTask;
        }
    }
}
