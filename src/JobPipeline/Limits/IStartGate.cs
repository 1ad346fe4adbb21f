namespace JobPipeline.Limits;

/// <summary>
/// Decides whether a job may start now: a pause, a circuit breaker, a limit. All gates are asked, in order, before the claim
/// (<see cref="StartGates"/>). A gate that can tell why a job waits is its <see cref="Jobs.IWaitReason"/> too.
/// </summary>
internal interface IStartGate
{
    /// <summary>
    /// The place among the gates; lower ones are asked first. A gate whose permits can't be given back (a rate) comes after those
    /// whose permits can: see <see cref="GateOrder"/>.
    /// </summary>
    int Order { get; }

    /// <summary>Decides on one start. The answer is not cached: every delivery asks again.</summary>
    /// <exception cref="Exception">The gate can't decide, for example because storage is down. The job is not started.</exception>
    ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken);
}

/// <summary>The places of the gates.</summary>
internal static class GateOrder
{
    public const int Pause = 100;

    public const int Resources = 200;

    public const int Circuit = 300;

    public const int Limit = 400;
}
