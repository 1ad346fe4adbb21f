using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Limits.Circuits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution.Claims;

/// <summary>The claim step: insert the attempt's row, and on a conflict do what <see cref="DeliveryDecision"/> says of the rows.</summary>
internal sealed class Claimant(
    IJobStore store,
    FollowUps followUps,
    CircuitRegistry circuits,
    UnknownTypeGate unknownTypes,
    JobMetrics metrics,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    WorkerIdentity worker,
    ILogger<Claimant> logger,
    ProtocolVariation variation)
{
    /// <summary>Rounds of read and decide before the message is put back: each lost round means that somebody else got on.</summary>
    private const int MaxRounds = 10;

    /// <summary>Null: this worker holds the claim and the handler may start.</summary>
    public async Task<DeliveryResult?> ClaimAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var mayClaimUnread = job is { MayClaimUnread: true, Descriptor: not null } && IsWithinRetention(job.Id);
        if (mayClaimUnread && await TryClaimUnreadAsync(job, cancellationToken))
            return await ConcludeAsync(job, cancellationToken);

        for (var round = 0; round < MaxRounds; round++)
        {
            var rows = await store.ReadAsync(job.Id, cancellationToken);
            var now = time.GetUtcNow();
            // Judged as it was delivered: a message that is not this job's own may not speak for it.
            var decision = variation.Decide(job.Message, rows, now, options.Value.MaxDeaths);
            if (decision is DeliveryDecision.Refuse refuse)
                return await followUps.RefuseAsync(job, refuse.Why, cancellationToken);
            job.Adopt(rows);
            if (rows.Current is { } current && current.ClaimId == job.ClaimId)
            {
                // It was me: the answer to an earlier try was lost.
                job.Claim = new JobClaim(store, current);
                return await ConcludeAsync(job, cancellationToken);
            }

            if (job.Descriptor is null && NeedsItsType(decision, job, now) && IsKeptOrWithinRetention(rows, job.Id)
                && await unknownTypes.AskAsync(job, rows, cancellationToken) is { } left)
            {
                return left;
            }

            switch (decision)
            {
                case DeliveryDecision.Claim when !IsKeptOrWithinRetention(rows, job.Id):
                    return await followUps.RefuseAsync(job, $"nothing is on record of job {job.Id}, and the moment in its id lies outside of what is kept", cancellationToken);
                case DeliveryDecision.Claim claim:
                    if (await TryBeginAsync(job, NewRow(job, claim.Attempt, now), now, cancellationToken))
                        return await ConcludeAsync(job, cancellationToken);
                    break;
                case DeliveryDecision.TakeOver taken:
                    if (await TryBeginAsync(job, Taken(job, taken.Row, taken.Deaths, now), now, cancellationToken))
                        return await ConcludeAsync(job, cancellationToken);
                    break;
                case DeliveryDecision.EndAsKiller killer:
                    job.Rejection = (DeadLetterReason.KilledItsWorker, $"{killer.Deaths} workers died while they ran it, the last one '{killer.Row.Owner}'");
                    if (await TryBeginAsync(job, Taken(job, killer.Row, killer.Deaths, now), now, cancellationToken))
                        return await ConcludeAsync(job, cancellationToken);
                    break;
                case DeliveryDecision.PutBack putBack:
                    return new DeliveryResult.Deferred(putBack.Until, DeferralReason.HeldElsewhere, "another worker holds it");
                case DeliveryDecision.Resend resend:
                    await followUps.SendAttemptAsync(job, resend.Attempt, resend.DueAt, cancellationToken);
                    return new DeliveryResult.Superseded($"attempt {resend.Attempt} was sent again");
                case DeliveryDecision.RepeatFollowUps:
                    return await RepeatAsync(job, rows, cancellationToken);
                case DeliveryDecision.Acknowledge:
                    return new DeliveryResult.Superseded("a newer attempt is on record");
            }
        }

        return new DeliveryResult.Deferred(time.GetUtcNow() + options.Value.Lease, DeferralReason.HeldElsewhere, "its rows would not hold still");
    }

    private async Task<DeliveryResult> RepeatAsync(JobExecution job, JobSnapshot rows, CancellationToken cancellationToken)
    {
        if (job.Descriptor is null && await followUps.LacksLetterAsync(job, rows.Record!, cancellationToken)
            && await unknownTypes.AskAsync(job, rows, cancellationToken) is { } left)
        {
            return left;
        }

        return await followUps.RepeatAsync(job, rows.Record!, cancellationToken);
    }

    private async Task<bool> TryClaimUnreadAsync(JobExecution job, CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            return await TryBeginAsync(job, NewRow(job, 1, now), now, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It may have taken effect: the rows tell. If they can't be read either, that exception goes to the host.
            return false;
        }
    }

    private async Task<bool> TryBeginAsync(JobExecution job, Attempt row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var transition = Beginning(job, row, now);
        var result = await store.ApplyAsync(transition, cancellationToken);
        if (result.Applied && job.IsFirstStart && job.Message.Id is null)
            metrics.Enqueued(job.Descriptor?.Type, job.Lane);
        if (result.Applied)
            (job.Claim, job.BeganAs) = (new JobClaim(store, transition.Attempt!.Row with { Version = result.AttemptVersion }), transition.Record!.Status);
        return result.Applied;
    }

    private JobTransition Beginning(JobExecution job, Attempt row, DateTimeOffset now)
    {
        if (row.CancelRequested)
            return JobTransition.Cancel(row, now, "cancelled before its worker died");
        if (job.Rejection is { } rejection)
        {
            var error = new AttemptError(ErrorKind.Permanent, rejection.Reason.ToString(), rejection.Why, null, now, TimeSpan.Zero, worker.Name).Grouped(job).Trimmed();
            return JobTransition.Reject(row, error, now, rejection.Reason, rejection.Why, job.Lane, job.Spec);
        }

        if (now >= job.Spec.Deadline)
            return JobTransition.Expire(row, now, job.Lane, job.Spec, job.EarlierErrors.LastOrDefault()?.Message);
        if (circuits.WhyHeld(job, now) is { } hold)
            return JobTransition.Defer(row, now, hold.Until, hold.Why, job.Lane, job.Spec);
        return row.Version is null ? JobTransition.Claim(row, job.Lane, job.Spec) : JobTransition.TakeOver(row);
    }

    private async Task<DeliveryResult?> ConcludeAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var row = job.Claim!.Row;
        // On record since this claim, or since an earlier try of it whose answer was lost.
        if ((job.BeganAs ?? job.Rows?.Record?.Status) is { } began && began.State.IsTerminal())
            await followUps.NotifyWorkflowAsync(job, began, cancellationToken);
        switch (row.State)
        {
            case AttemptState.Running:
                return null;
            case AttemptState.Released:
                metrics.Deferred(job.Descriptor?.Type, DeferralReason.CircuitOpen);
                return new DeliveryResult.Snoozed(row.LeaseUntil);
            case AttemptState.Cancelled:
                metrics.Finished(job.Descriptor?.Type, job.Lane, JobEnd.Cancelled);
                return new DeliveryResult.Cancelled();
            case AttemptState.Expired:
                metrics.Finished(job.Descriptor?.Type, job.Lane, JobEnd.Expired);
                ExecutionLog.Ended(logger, LogLevel.Information, job.Id, job.Spec.Type, row.Number, row.State);
                return new DeliveryResult.Expired();
            case AttemptState.Failed when job.Rejection is { } rejection:
                metrics.Finished(job.Descriptor?.Type, job.Lane, JobEnd.DeadLettered);
                followUps.Count(job, row.Error!);
                return await followUps.BuryAsync(
                    job,
                    rejection.Reason,
                    rejection.Why,
                    [.. job.EarlierErrors.Where(e => e != row.Error), row.Error!],
                    logged: null,
                    cancellationToken);
            default:
                return new DeliveryResult.Superseded("an earlier try of this delivery ended it");
        }
    }

    private Attempt Taken(JobExecution job, Attempt row, int deaths, DateTimeOffset now)
    {
        job.IsFirstStart = false;
        if (deaths > row.Deaths)
        {
            metrics.Death(job.Spec.Type);
            ExecutionLog.TakenOver(logger, job.Id, job.Spec.Type, row.Number, row.Owner, deaths);
        }

        return row with
        {
            State = AttemptState.Running,
            ClaimId = job.NewClaimId(),
            Owner = worker.Name,
            Deaths = deaths,
            LeaseUntil = now + options.Value.Lease,
            StartedAt = now,
        };
    }

    private Attempt NewRow(JobExecution job, int number, DateTimeOffset now)
    {
        job.IsFirstStart = number == 1;
        return new()
        {
            Job = job.Id,
            Number = number,
            State = AttemptState.Running,
            ClaimId = job.NewClaimId(),
            Owner = worker.Name,
            LeaseUntil = now + options.Value.Lease,
            StartedAt = now,
        };
    }

    /// <summary>
    /// The decision would start the handler, or end the job as a dead letter, of which the type says who is to be told. A job that
    /// is cancelled, or whose time is over, is ended by any instance.
    /// </summary>
    private static bool NeedsItsType(DeliveryDecision decision, JobExecution job, DateTimeOffset now) => decision switch
    {
        DeliveryDecision.EndAsKiller => true,
        DeliveryDecision.Claim or DeliveryDecision.TakeOver { Row.CancelRequested: false } =>
            job.Rejection is not null || now < job.Spec.Deadline,
        _ => false,
    };

    private bool IsKeptOrWithinRetention(JobSnapshot rows, JobId id) => rows.Record is not null || IsWithinRetention(id);

    private bool IsWithinRetention(JobId id)
    {
        var now = time.GetUtcNow();
        return id.Timestamp >= now - options.Value.Retention && id.Timestamp <= now + JobLimits.MaxClockSkew;
    }
}
