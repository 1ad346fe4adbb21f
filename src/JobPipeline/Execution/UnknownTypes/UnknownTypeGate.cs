using System.Collections.Concurrent;
using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>Keeps an instance from dead-lettering jobs that another instance has a handler for.</summary>
internal sealed class UnknownTypeGate(
    FleetTypes fleet,
    LeftJobs left,
    Enqueuer enqueuer,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    ILogger<UnknownTypeGate> logger)
{
    /// <summary>The number of types that the log distinguishes: any sender can invent more.</summary>
    private const int MaxLogged = 1000;

    private static readonly TimeSpan LogAgainAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Type, bool IsKnown), DateTimeOffset> _logged = new();

    /// <summary>
    /// Decides about a due job whose type is unknown here. Returns a result that hides it, or null if the job must become a dead
    /// letter; it is marked then. A job that is put back is on record afterwards, so that people can see it.
    /// </summary>
    /// <param name="job">The job; its rows are read.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
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
            await RecordAsync(job, cancellationToken);
        var until = job.Spec.Deadline > now && job.Spec.Deadline < leave.Until ? job.Spec.Deadline : leave.Until;
        left.Add(job.Queue, since, until);
        Log(job, leave, now);
        return new DeliveryResult.Deferred(until, DeferralReason.UnknownType, fleet.WhyUnknown(type));
    }

    /// <summary>When the job, or its next attempt, became due.</summary>
    public static DateTimeOffset DueSince(JobSpec spec, JobSnapshot rows)
    {
        var since = spec.DueAt;
        if (rows.Record is { Status: var status })
            since = Later(since, Later(status.Since, status.DueAt ?? status.Since));
        return rows.Current is { State: AttemptState.Running or AttemptState.Released, LeaseUntil: var free } ? Later(since, free) : since;
    }

    private Task RecordAsync(JobExecution job, CancellationToken cancellationToken) => enqueuer.RecordWaitingAsync(
        job.Id, job.Queue, job.Spec, isForeign: job.Message.Id is null, knownType: null, cancellationToken);

    /// <summary>Logs it once an hour per type.</summary>
    private void Log(JobExecution job, UnknownTypeDecision.LeaveToOthers leave, DateTimeOffset now)
    {
        var key = (job.Spec.Type, leave.IsKnown);
        if (_logged.TryGetValue(key, out var at) ? at + LogAgainAfter > now : _logged.Count >= MaxLogged)
            return;
        _logged[key] = now;
        if (leave.GivesUpAt is { } givesUpAt)
            UnknownTypeLog.WaitsForAHandler(logger, job.Spec.Type, fleet.HintFor(job.Spec.Type), job.Id, givesUpAt);
        else
            UnknownTypeLog.Left(logger, job.Spec.Type);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
