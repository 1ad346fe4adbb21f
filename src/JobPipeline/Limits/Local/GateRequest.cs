using JobPipeline.Limits.Lots;

namespace JobPipeline.Limits.Local;

/// <summary>What a delivery wants of a gate.</summary>
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
}

/// <summary>A request that waits for its turn at a gate of this instance.</summary>
internal sealed class GateRequest(GateRequestKind kind, ParkedJob? row)
{
    private readonly TaskCompletionSource<GateAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GateRequestKind Kind => kind;

    public ParkedJob? Row => row;

    public Task<GateAnswer> Answer => _answer.Task;

    public void Complete(GateAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
