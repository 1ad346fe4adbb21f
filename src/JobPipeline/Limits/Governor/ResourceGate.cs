using JobPipeline.Jobs;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Holds jobs whose declared memory (<see cref="Handlers.JobAttribute.Memory"/>) does not fit beside that of the running ones. Nothing is
/// written: the message is put back for a short while, and another instance may have the memory. Types that declare none are not concerned;
/// the governor limits how many of their messages are processed before the gates are asked.
/// </summary>
internal sealed class ResourceGate(ResourceGovernor governor, MemoryLedger ledger, TimeProvider time) : IStartGate, IWaitReason
{
    /// <summary>The kind of its <see cref="WaitReason"/>.</summary>
    public const string Kind = "resources";

    public int Order => GateOrder.Resources;

    public ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        request is { WillRun: true, Descriptor.Memory: { } memory } && governor.DeclarableBytes is { } budget
            ? ledger.Ask(request.Job, memory.Bytes, budget, time.GetUtcNow())
            : GateDecision.Open.WithoutPermit);

    /// <summary>Goes by this instance: others may have room.</summary>
    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) => ValueTask.FromResult(
        !(job.Status.DueAt > time.GetUtcNow()) && (ledger.WhyWaits(job.Id) ?? governor.WhyClosed()) is { } why
            ? new WaitReason(Kind, why)
            : null);
}
