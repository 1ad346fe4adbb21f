using JobPipeline.Jobs;

namespace JobPipeline.Limits.Circuits;

/// <summary>
/// Holds jobs whose circuit is open, on record, so that everybody sees what they wait for. A half-open circuit has one permit: that
/// of the trial call.
/// </summary>
internal sealed class CircuitGate(CircuitRegistry circuits, TimeProvider time) : IStartGate, IWaitReason
{
    /// <summary>The kind of its <see cref="WaitReason"/>.</summary>
    public const string Kind = "circuit";

    public int Order => GateOrder.Circuit;

    public ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        request is { WillRun: true, Descriptor.Circuit: { } name } && circuits.Find(name) is { } circuit
            ? circuit.Ask(request)
            : GateDecision.Open.WithoutPermit);

    /// <summary>Goes by the record: the circuit that held the job may be another instance's.</summary>
    public ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken) => ValueTask.FromResult(
        job.Status is { DueAt: { } due, Reason: { } reason } && due > time.GetUtcNow() && circuits.IsReasonOf(job.Spec.Type, reason)
            ? new WaitReason(Kind, reason, due)
            : null);
}
