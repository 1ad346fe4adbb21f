using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>No living instance has a handler for the job's type.</summary>
internal sealed class UnknownTypeWait(JobRegistry registry, FleetTypes fleet, TimeProvider time, IOptions<JobPipelineOptions> options)
    : IWaitReason
{
    public const string Kind = "unknown-type";

    /// <summary>Null also once the grace period is over: then the job waits for a worker that ends it.</summary>
    public async ValueTask<WaitReason?> ExplainAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (registry.Find(job.Spec.Type) is not null)
            return null;
        var instances = await fleet.SpansAsync(job.Spec.Type, cancellationToken);
        var since = UnknownTypeGate.DueSince(job.Spec, new JobSnapshot(job, []));
        return UnknownTypeDecision.For(instances, since, time.GetUtcNow(), options.Value.UnknownTypeGrace, jitter: 0) is
            UnknownTypeDecision.LeaveToOthers { GivesUpAt: { } givesUpAt }
            ? new WaitReason(Kind, Why(job.Spec.Type), givesUpAt)
            : null;
    }

    private string Why(string type) =>
        $"no running instance has a handler for the job type '{type}'; unless one starts, the job becomes a dead letter"
        + fleet.HintFor(type);
}
