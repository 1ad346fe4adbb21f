using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Running;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Circuits;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// Runs one job of one delivery: Validate → Admit → Claim → Run → Classify → Record → FollowUp. Each step works on one
/// <see cref="JobExecution"/>; one that answers with a result ends the run. Reading comes before, in
/// <see cref="DeliveryExecutor"/>, because a message may hold many jobs.
/// </summary>
internal sealed class JobExecutor(
    Admission admission,
    Claimant claimant,
    HandlerRunner runner,
    VerdictRules endings,
    CircuitRegistry circuits,
    FollowUps followUps,
    IPayloadStore payloads,
    InFlightJobs inFlight,
    JobMetrics metrics,
    TimeProvider time,
    WorkerIdentity worker,
    ILogger<JobExecutor> logger,
    ProtocolVariation variation)
{
    private static readonly TimeSpan RecordRetryDelay = TimeSpan.FromSeconds(1);

    private readonly Func<JobExecution, Task<AttemptVerdict>> _run = async job =>
    {
        var answer = await runner.RunAsync(job);
        job.Ran = answer.Duration;
        return endings.For(job, answer, time.GetUtcNow(), worker.Name);
    };

    public async Task<DeliveryResult> ExecuteAsync(JobExecution job)
    {
        if (await BeginAsync(job) is not { } notBegun)
            return await RunAsync(job, job.Claim!);
        if (notBegun is DeliveryResult.Deferred deferred)
            metrics.Deferred(job.Descriptor?.Type, deferred.Reason);
        return notBegun;
    }

    /// <summary>Up to the claim. Null: this worker holds it.</summary>
    private async Task<DeliveryResult?> BeginAsync(JobExecution job)
    {
        // Storage calls are not tied to the host's stop: what has begun is brought to a recorded end.
        if (await AdmitAsync(job) is { } turnedAway)
            return turnedAway;
        if (job.Stopping.IsCancellationRequested)
            return new DeliveryResult.Deferred(time.GetUtcNow(), DeferralReason.HostStopping, "the host is stopping");
        if (job is { Rejection: null, Descriptor: not null } && !job.FitsFrom(time.GetUtcNow()))
            return new DeliveryResult.Deferred(time.GetUtcNow(), DeferralReason.NoTimeLeft, "its time limit does not fit into what is left of the delivery");
        return await claimant.ClaimAsync(job, CancellationToken.None);
    }

    private async Task<DeliveryResult> RunAsync(JobExecution job, JobClaim claim)
    {
        using var held = claim;
        using var flight = inFlight.Enter(new InFlightJob(job.Id, claim.Row.Number, job.Lane));
        using var span = JobTracing.StartAttempt(job, claim.Row);
        using var scope = logger.BeginScope(new JobLogScope(job.Id, job.Spec.Type, claim.Row.Number, job.Spec.CorrelationId));
        if (job.IsFirstStart)
            metrics.Started(job.Spec.Type, job.Lane, claim.Row.StartedAt - job.Spec.DueAt);
        try
        {
            var ending = await circuits.RunAsync(job, _run);
            if (variation.FollowUpBeforeRecord)
                await FollowUpAsync(job, ending);
            var recorded = await RecordAsync(job, claim, ending);
            Measure(job, span, recorded ?? new AttemptVerdict.Lost());
            return recorded is null ? Refused(job, claim) : await FollowUpAsync(job, recorded);
        }
        catch (Exception e)
        {
            // What was not stored counts for nothing: the next worker runs it again.
            if (!job.IsMeasured)
                Measure(job, span: null, new AttemptVerdict.Lost());
            span?.End(e);
            throw;
        }
    }

    private void Measure(JobExecution job, AttemptSpan? span, AttemptVerdict ending)
    {
        job.IsMeasured = true;
        span?.End(ending);
        if (job.Ran is { } duration)
            metrics.AttemptEnded(job.Spec.Type, job.Lane, Outcomes.Of(ending), duration, ending.Failure?.Kind, job.Descriptor?.TargetDuration);
        if (ending is AttemptVerdict.Released released)
            metrics.Deferred(job.Spec.Type, released.Reason);
        else if (Outcomes.OfJob(ending) is { } end)
            metrics.Finished(job.Spec.Type, job.Lane, end);
    }

    /// <summary>The steps before the claim. Null: go on to it.</summary>
    public async Task<DeliveryResult?> AdmitAsync(JobExecution job)
    {
        await admission.ValidateAsync(job, CancellationToken.None);
        return await admission.AdmitAsync(job, CancellationToken.None);
    }

    /// <summary>Looks the type up. False: this instance has no handler for it.</summary>
    public bool Knows(JobExecution job) => (job.Descriptor = admission.Find(job.Spec.Type)) is not null;

    /// <summary>Stores the outcome, again and again while the lease lasts. Null: refused, another worker holds the job.</summary>
    private async Task<AttemptVerdict?> RecordAsync(JobExecution job, JobClaim claim, AttemptVerdict ending)
    {
        if (ending is AttemptVerdict.Lost)
            return null;
        var recorded = ending;
        while (true)
        {
            try
            {
                await KeepLargePartsAsync(job, claim, ending);
                var accepted = await claim.EndAsync(row => (recorded = ending.On(row)).ToTransition(row, time.GetUtcNow()), CancellationToken.None);
                return accepted ? recorded : null;
            }
            catch (Exception e) when (time.GetUtcNow() + RecordRetryDelay < claim.Row.LeaseUntil)
            {
                ExecutionLog.OutcomeNotStored(logger, e, job.Id, job.Spec.Type, claim.Row.Number);
                await Task.Delay(RecordRetryDelay, time);
            }
        }
    }

    private async Task KeepLargePartsAsync(JobExecution job, JobClaim claim, AttemptVerdict ending)
    {
        if (ending is AttemptVerdict.Completed { InBlob: true } completed)
            await payloads.WriteAsync(PayloadName.Result(job.Id), completed.Result, CancellationToken.None);
        if (ending.Failure is { IsLarge: true } error)
            await payloads.WriteAsync(PayloadName.Error(job.Id, claim.Row.Number), System.Text.Encoding.UTF8.GetBytes(error.ToString()), CancellationToken.None);
    }

    private async Task<DeliveryResult> FollowUpAsync(JobExecution job, AttemptVerdict ending)
    {
        var row = job.Claim!.Row;
        if (ending is AttemptVerdict.Completed or AttemptVerdict.DeadLettered or AttemptVerdict.Cancelled)
            await followUps.NotifyWorkflowAsync(job, ending.ToTransition(row, time.GetUtcNow()).Record!.Status, CancellationToken.None);
        switch (ending)
        {
            case AttemptVerdict.Retried retried:
                var (error, text) = (retried.Error, ErrorText.Of(retried.Error, job.Spec));
                ExecutionLog.WillRetry(logger, job.Id, job.Spec.Type, row.Number, error.Kind, text, retried.RetryAt);
                followUps.Count(job, retried.Error);
                await followUps.SendAttemptAsync(job, row.Number + 1, retried.RetryAt, CancellationToken.None);
                return new DeliveryResult.Failed(row.Number, retried.RetryAt);
            case AttemptVerdict.DeadLettered buried:
                followUps.Count(job, buried.Error);
                return await followUps.BuryAsync(
                    job,
                    buried.Reason,
                    buried.Why,
                    [.. job.EarlierErrors, buried.Error.Trimmed()],
                    ErrorText.Of(buried.Error, job.Spec),
                    CancellationToken.None);
            case AttemptVerdict.Released released:
                return new DeliveryResult.Snoozed(released.Until);
            case AttemptVerdict.Cancelled:
                ExecutionLog.Ended(logger, LogLevel.Information, job.Id, job.Spec.Type, row.Number, row.State);
                return new DeliveryResult.Cancelled();
            default:
                ExecutionLog.Ended(logger, LogLevel.Debug, job.Id, job.Spec.Type, row.Number, row.State);
                return new DeliveryResult.Succeeded();
        }
    }

    private DeliveryResult.Deferred Refused(JobExecution job, JobClaim claim)
    {
        metrics.LeaseLost(job.Spec.Type);
        metrics.Deferred(job.Spec.Type, DeferralReason.ClaimLost);
        ExecutionLog.ClaimLost(logger, job.Id, job.Spec.Type, claim.Row.Number);
        // Never acknowledged: whoever holds the job may have died already, and this may be its only message.
        return new DeliveryResult.Deferred(claim.Row.LeaseUntil, DeferralReason.ClaimLost, "the claim was lost");
    }
}
