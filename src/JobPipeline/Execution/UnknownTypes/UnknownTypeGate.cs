using System.Collections.Concurrent;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>Keeps an instance from burying jobs that another instance has a handler for.</summary>
internal sealed class UnknownTypeGate(
    FleetTypes fleet,
    LeftJobs left,
    IJobStore store,
    JobMetrics metrics,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    ILogger<UnknownTypeGate> logger)
{
    /// <summary>Types beyond this many are not told apart in the log: any sender can invent them.</summary>
    private const int MaxTold = 1000;

    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Type, bool IsKnown), DateTimeOffset> _told = new();

    /// <summary>
    /// Asks for a due job whose type is unknown here. The answer puts it back; null: it is to be ended as a dead letter, and
    /// is marked so. A job that is put back is on record afterwards, so that people see it.
    /// </summary>
    /// <param name="job">The job; its rows are read.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DeliveryResult?> AskAsync(JobExecution job, JobSnapshot rows, CancellationToken cancellationToken)
    {
        var type = job.Spec.Type;
        var instances = await fleet.SpansAsync(type, cancellationToken);
        var now = time.GetUtcNow();
        var since = DueSince(job.Spec, rows);
        var jitter = Jitter.Of(job.Id, (now - since).Seconds);
        var decision = UnknownTypeDecision.For(instances, since, now, options.Value.UnknownTypeGrace, jitter);
        if (decision is not UnknownTypeDecision.LeaveToOthers leave)
        {
            job.Rejection ??= (DeadLetterReason.UnknownType, fleet.WhyUnknown(type));
            return null;
        }

        if (rows.Record is null)
            await RecordAsync(job, now, cancellationToken);
        var until = job.Spec.Deadline > now && job.Spec.Deadline < leave.Until ? job.Spec.Deadline : leave.Until;
        left.Add(job.Lane, since, until);
        Tell(job, leave, now);
        return new DeliveryResult.Deferred(until, DeferralReason.UnknownType, fleet.WhyUnknown(type));
    }

    /// <summary>When the job, or the attempt that is next, became due.</summary>
    public static DateTimeOffset DueSince(JobSpec spec, JobSnapshot rows)
    {
        var since = spec.DueAt;
        if (rows.Record is { Status: var status })
            since = Later(since, Later(status.Since, status.DueAt ?? status.Since));
        return rows.Current is { State: AttemptState.Running or AttemptState.Released, LeaseUntil: var free } ? Later(since, free) : since;
    }

    private async Task RecordAsync(JobExecution job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await store.ApplyAsync(JobTransition.Enqueue(JobRecord.Enqueued(job.Id, job.Lane, job.Spec, now)), cancellationToken);
        // A message of ours was counted when it was sent.
        if (result.Applied && job.Message.Id is null)
            metrics.Enqueued(null, job.Lane);
    }

    /// <summary>Once an hour and type.</summary>
    private void Tell(JobExecution job, UnknownTypeDecision.LeaveToOthers leave, DateTimeOffset now)
    {
        var key = (job.Spec.Type, leave.IsKnown);
        if (_told.TryGetValue(key, out var at) ? at + TellAgainAfter > now : _told.Count >= MaxTold)
            return;
        _told[key] = now;
        if (leave.GivesUpAt is { } givesUpAt)
            UnknownTypeLog.WaitsForAHandler(logger, job.Spec.Type, fleet.HintFor(job.Spec.Type), job.Id, givesUpAt);
        else
            UnknownTypeLog.Left(logger, job.Spec.Type);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
