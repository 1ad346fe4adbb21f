using JobPipeline.Jobs;
using JobPipeline.Limits;

namespace JobPipeline.Tests.Interleavings;

/// <summary>What a closed gate does with a job.</summary>
public enum GateKind
{
    /// <summary>There is no gate.</summary>
    None,

    /// <summary>The message is put back.</summary>
    PutsBack,

    /// <summary>The claim records that the job waits.</summary>
    OnRecord,
}

/// <summary>The state of the gate that all workers share.</summary>
internal sealed class GateState
{
    public bool IsOpen { get; set; } = true;
}

/// <summary>One worker's view of the gate that opens and closes at random: each start takes a permit.</summary>
internal sealed class RandomGate(
    GateState state, GateKind kind, Mutation mutation, Actor actor, Scheduler scheduler, History history, TimeProvider time) : IStartGate
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    private Permit? _last;

    public int Order => 0;

    public async ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var isOpen = await scheduler.OperateAsync(actor, "ask the gate", () => Task.FromResult(state.IsOpen));
        history.Asked(actor, isOpen);
        if (isOpen)
            return new GateDecision.Open(_last = new Permit(this));
        return mutation == Mutation.ClosedGateIgnored
            ? GateDecision.Open.WithoutPermit
            : new GateDecision.Closed(
                time.GetUtcNow() + Wait, DeferralReason.Paused, "the gate is closed", OnRecord: kind == GateKind.OnRecord);
    }

    /// <summary>The handler has ended; its outcome is not on record yet.</summary>
    public void HandlerEnded()
    {
        if (mutation == Mutation.PermitCompletedBeforeRecord && _last is not null)
            history.PermitCompleted(actor, time.GetUtcNow());
    }

    private void Completed()
    {
        if (mutation != Mutation.PermitKept)
            history.PermitCompleted(actor, time.GetUtcNow());
    }

    private void Returned()
    {
        if (mutation != Mutation.PermitKept)
            history.PermitReturned(actor);
    }

    private sealed class Permit(RandomGate gate) : IStartPermit
    {
        public ValueTask CompleteAsync(PermitOutcome outcome)
        {
            gate.Completed();
            return ValueTask.CompletedTask;
        }

        public ValueTask ReturnAsync()
        {
            gate.Returned();
            return ValueTask.CompletedTask;
        }
    }
}
