using JobPipeline.Limits.Lots;

namespace JobPipeline.Limits.Local;

/// <summary>What a delivery, or a call of a running job, wants of a gate.</summary>
internal enum GateRequestKind
{
    /// <summary>A permit for a job that has no row in the lot.</summary>
    Ask,

    /// <summary>A permit for a job with a granted row, which goes with it.</summary>
    Redeem,

    /// <summary>A row in the lot.</summary>
    Park,

    /// <summary>A permit becomes a granted row: the job waits at another gate and keeps its place at this one.</summary>
    Keep,

    /// <summary>A permit beyond what the gate allows.</summary>
    Exceed,

    /// <summary>A release turn.</summary>
    Turn,

    /// <summary>A permit of the rate, for a call of a job that runs.</summary>
    Permit,

    /// <summary>A look at the meter, if what is known is too old.</summary>
    Look,

    /// <summary>The gate is closed, because the service behind it asked to wait.</summary>
    Hold,
}

/// <summary>A request that waits for its turn at a gate of this instance.</summary>
internal sealed class GateRequest(GateRequestKind kind, ParkedJob? row)
{
    private readonly TaskCompletionSource<GateAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GateRequestKind Kind => kind;

    public ParkedJob? Row => row;

    /// <summary>The latest time to which the call waits for its permit.</summary>
    public DateTimeOffset Latest { get; init; }

    /// <summary>Cancelled when nothing waits for the permit any more.</summary>
    public CancellationToken Cancelled { get; init; }

    /// <summary>Until when the gate is to be closed.</summary>
    public DateTimeOffset HoldUntil { get; init; }

    /// <summary>Why it is to be closed.</summary>
    public string? HoldReason { get; init; }

    public Task<GateAnswer> Answer => _answer.Task;

    public void Complete(GateAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>Ends the wait for the answer.</summary>
    public void Cancel(CancellationToken cancelled) => _answer.TrySetCanceled(cancelled);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
