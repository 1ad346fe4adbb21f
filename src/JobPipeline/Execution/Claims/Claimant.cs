using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution.Claims;

/// <summary>
/// The claim step: inserts the attempt's row, and on a conflict does what <see cref="DeliveryDecision"/> decides. A verdict that ends
/// the attempt (<see cref="ClaimRules"/>) is recorded in the same transaction.
/// </summary>
internal sealed class Claimant(
    IJobStore store,
    AttemptSender sender,
    DeadLetterWriter deadLetters,
    FollowUps followUps,
    UnknownTypeGate unknownTypes,
    JobMetrics metrics,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    WorkerIdentity worker,
    ILogger<Claimant> logger)
{
    /// <summary>Rounds of read and decide before the message is put back. In each lost round another worker made progress.</summary>
    private const int MaxRounds = 10;

    public async Task<ClaimResult> ClaimAsync(JobExecution job, CancellationToken cancellationToken)
    {
        var mayClaimUnread = job is { MayClaimUnread: true, Descriptor: not null } && IsWithinRetention(job.Id);
        if (mayClaimUnread && await TryClaimUnreadAsync(job, cancellationToken) is { } claimed)
            return claimed;

        for (var round = 0; round < MaxRounds; round++)
        {
            var rows = await store.ReadAsync(job.Id, cancellationToken);
            var now = time.GetUtcNow();
            // Uses the message as delivered: a message that does not belong to this job must not decide for it.
            var decision = DeliveryDecision.For(job.Message, rows, now, options.Value.MaxDeaths);
            if (decision is DeliveryDecision.Refuse refuse)
                return await RefuseAsync(job, refuse.Why, cancellationToken);
            job.Adopt(rows);
            // The response to an earlier request was lost.
            if (rows.Current is { } current && current.ClaimId == job.ClaimId && job.Tried is { } tried)
                return Claimed(job, current, tried);
            if (job.Descriptor is null && ClaimRules.NeedsItsType(decision, job, now) && IsKeptOrWithinRetention(rows, job.Id)
                && await unknownTypes.AskAsync(job, rows, cancellationToken) is { } left)
            {
                return new ClaimResult.TurnedAway(left);
            }

            if (await DecideAsync(job, rows, decision, now, cancellationToken) is { } result)
                return result;
        }

        return Defer(time.GetUtcNow() + options.Value.Lease, $"gave up after {MaxRounds} concurrent modifications");
    }

    /// <summary>Returns null if another worker was faster; read the rows again.</summary>
    private async Task<ClaimResult?> DecideAsync(
        JobExecution job, JobSnapshot rows, DeliveryDecision decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case DeliveryDecision.Claim when !IsKeptOrWithinRetention(rows, job.Id):
                var why = $"job {job.Id} has no record, and the time in its id is outside of the retention period";
                return await RefuseAsync(job, why, cancellationToken);
            case DeliveryDecision.Claim claim:
                return await TryClaimAsync(job, NewRow(job, claim.Attempt, now), now, cancellationToken);
            case DeliveryDecision.TakeOver taken:
                return await TryClaimAsync(job, Taken(job, taken.Row, taken.Deaths, now), now, cancellationToken);
            case DeliveryDecision.EndAfterWorkerCrash crashed:
                job.Rejection = (DeadLetterReason.KilledItsWorker, WorkerCrashes(crashed));
                return await TryClaimAsync(job, Taken(job, crashed.Row, crashed.Deaths, now), now, cancellationToken);
            case DeliveryDecision.PutBack putBack:
                return Defer(putBack.Until, "another worker holds the lease");
            case DeliveryDecision.Resend resend:
                await sender.SendAsync(job, resend.Attempt, resend.DueAt, cancellationToken);
                return Superseded($"attempt {resend.Attempt} was sent again");
            case DeliveryDecision.RepeatFollowUps:
                return await RepeatAsync(job, rows, cancellationToken);
            case DeliveryDecision.Acknowledge:
                return Superseded("a newer attempt is on record");
            default:
                throw new InvalidOperationException($"{decision.GetType().Name} is not a delivery decision.");
        }
    }

    private async Task<ClaimResult> RefuseAsync(JobExecution job, string why, CancellationToken cancellationToken) =>
        new ClaimResult.TurnedAway(await deadLetters.RefuseAsync(job, why, cancellationToken));

    private async Task<ClaimResult> RepeatAsync(JobExecution job, JobSnapshot rows, CancellationToken cancellationToken)
    {
        if (job.Descriptor is null && await deadLetters.IsMissingAsync(job, rows.Record!, cancellationToken)
            && await unknownTypes.AskAsync(job, rows, cancellationToken) is { } left)
        {
            return new ClaimResult.TurnedAway(left);
        }

        return new ClaimResult.TurnedAway(await followUps.RepeatAsync(job, rows.Record!, cancellationToken));
    }

    private async Task<ClaimResult?> TryClaimUnreadAsync(JobExecution job, CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            return await TryClaimAsync(job, NewRow(job, 1, now), now, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The claim may have taken effect, which the rows show. If they can't be read either, the host gets that exception.
            return null;
        }
    }

    private async Task<ClaimResult?> TryClaimAsync(JobExecution job, Attempt row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var verdict = ClaimRules.VerdictFor(job, row, now, worker.Name);
        var transition = verdict is not null ? verdict.ToClaimTransition(row, now, job.Queue, job.Spec)
            : row.Version is null ? JobTransition.Claim(row, job.Queue, job.Spec)
            : JobTransition.TakeOver(row);
        job.Tried = new ClaimTry(verdict, transition.Record!.Status);
        var result = await store.ApplyAsync(transition, cancellationToken);
        if (!result.Applied)
            return null;
        if (job.IsFirstStart && job.Message.Id is null)
            metrics.Enqueued(job.Descriptor?.Type, job.Queue);
        return Claimed(job, transition.Attempt!.Row with { Version = result.AttemptVersion }, job.Tried);
    }

    private ClaimResult Claimed(JobExecution job, Attempt row, ClaimTry tried) => tried.Verdict is { } verdict
        ? new ClaimResult.Ended(new RecordedVerdict(verdict, row, tried.Status))
        : new ClaimResult.Held(job.Claim = new JobClaim(store, row));

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

    private static string WorkerCrashes(DeliveryDecision.EndAfterWorkerCrash crashed) =>
        $"{crashed.Deaths} workers crashed while running it; the last one was '{crashed.Row.Owner}'";

    private static ClaimResult.TurnedAway Defer(DateTimeOffset until, string why) =>
        new(new DeliveryResult.Deferred(until, DeferralReason.HeldElsewhere, why));

    private static ClaimResult.TurnedAway Superseded(string why) => new(new DeliveryResult.Superseded(why));

    private bool IsKeptOrWithinRetention(JobSnapshot rows, JobId id) => rows.Record is not null || IsWithinRetention(id);

    private bool IsWithinRetention(JobId id)
    {
        var now = time.GetUtcNow();
        return id.Timestamp >= now - options.Value.Retention && id.Timestamp <= now + JobLimits.MaxClockSkew;
    }
}
