using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Running;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// Runs one job of one delivery: Validate → Admit → Claim → Run → Classify → Record → FollowUp. The steps work on one
/// <see cref="JobExecution"/>. A claim may end the job in its own transaction; its follow-ups are those of every other ending. Reading
/// comes before, in <see cref="DeliveryExecutor"/>, because a message may hold many jobs.
/// </summary>
internal sealed class JobExecutor(
    Admission admission,
    Claimant claimant,
    HandlerRunner runner,
    VerdictRules verdicts,
    OutcomeRecorder recorder,
    FollowUps followUps,
    InFlightJobs inFlight,
    AttemptMeter meter,
    TimeProvider time,
    WorkerIdentity worker,
    ILogger<JobExecutor> logger)
{
    /// <summary>Storage calls are not tied to the host's stop: what has begun is brought to a recorded end.</summary>
    private static readonly CancellationToken Uncancelled = CancellationToken.None;

    public async Task<DeliveryResult> ExecuteAsync(JobExecution job)
    {
        try
        {
            await admission.ValidateAsync(job, Uncancelled);
            if (await admission.AdmitAsync(job, Uncancelled) is { } notAdmitted)
                return TurnAway(job, notAdmitted);
            return await claimant.ClaimAsync(job, Uncancelled) switch
            {
                ClaimResult.Held held => await RunAsync(job, held.Claim),
                ClaimResult.Ended ended => await FinishAsync(job, ended.Recorded, span: null),
                ClaimResult.TurnedAway turnedAway => TurnAway(job, turnedAway.Result),
                var other => throw new InvalidOperationException($"{other.GetType().Name} is not a claim result."),
            };
        }
        finally
        {
            await ReturnPermitAsync(job);
        }
    }

    /// <summary>
    /// Admits a job that is sent in a message of its own, which passes for one of ours. Null: it may be sent. The gates are asked again
    /// when that message is delivered.
    /// </summary>
    public async Task<DeliveryResult?> AdmitOnlyAsync(JobExecution job)
    {
        try
        {
            await admission.ValidateAsync(job, Uncancelled);
            return await admission.AdmitAsync(job, Uncancelled);
        }
        finally
        {
            await ReturnPermitAsync(job);
        }
    }

    /// <summary>Looks the type up. False: this instance has no handler for it.</summary>
    public bool Knows(JobExecution job) => (job.Descriptor = admission.Find(job.Spec.Type)) is not null;

    private async Task<DeliveryResult> RunAsync(JobExecution job, JobClaim claim)
    {
        using var held = claim;
        using var flight = inFlight.Enter(new InFlightJob(job.Id, claim.Row.Number, job.Queue));
        using var span = JobTracing.StartAttempt(TraceOf(job, claim.Row));
        using var scope = logger.BeginScope(new JobLogScope(job.Id, job.Spec.Type, claim.Row.Number, job.Spec.CorrelationId));
        if (job.IsFirstStart)
            meter.Started(job, claim.Row);
        try
        {
            var result = await runner.RunAsync(job);
            job.Ran = result.Duration;
            var verdict = verdicts.For(job, result, time.GetUtcNow(), worker.Name);
            return await FinishAsync(job, await RecordAsync(job, claim, verdict), span);
        }
        catch (Exception e)
        {
            meter.NotRecorded(job);
            span?.End(e);
            throw;
        }
    }

    /// <summary>Completes the permit with what the run showed, even if its outcome could not be stored.</summary>
    private async Task<RecordedVerdict> RecordAsync(JobExecution job, JobClaim claim, AttemptVerdict verdict)
    {
        try
        {
            return await recorder.RecordAsync(job, claim, verdict);
        }
        finally
        {
            if (job.Permit is { } permit)
                await permit.CompleteAsync(verdict.ToPermitOutcome());
        }
    }

    private Task<DeliveryResult> FinishAsync(JobExecution job, RecordedVerdict recorded, AttemptSpan? span)
    {
        meter.Recorded(job, recorded.Verdict);
        span?.End(recorded.Verdict.ToAttemptOutcome(), recorded.Verdict.Failure);
        return followUps.RunAsync(job, recorded, Uncancelled);
    }

    private DeliveryResult TurnAway(JobExecution job, DeliveryResult result)
    {
        meter.TurnedAway(job, result);
        return result;
    }

    /// <summary>Does nothing when the permit was completed.</summary>
    private static ValueTask ReturnPermitAsync(JobExecution job) => job.Permit?.ReturnAsync() ?? ValueTask.CompletedTask;

    private static AttemptTrace TraceOf(JobExecution job, Attempt row) => new(
        job.Id,
        row.Number,
        row.StartedAt,
        job.Descriptor?.Type,
        job.Spec.Type,
        job.Queue,
        job.Delivery.MessageId,
        job.Spec.CorrelationId,
        job.Spec.TraceParent,
        job.Spec.Workflow?.Instance,
        job.Spec.Workflow?.Run.Step);
}
