using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Monitoring;
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
    EndingRules endings,
    Circuits circuits,
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

    private readonly Func<JobExecution, Task<JobEnding>> _run = async job => endings.For(job, await runner.RunAsync(job), time.GetUtcNow(), worker.Name);

    public async Task<ExecutionResult> ExecuteAsync(JobExecution job)
    {
        // Storage calls are not tied to the host's stop: what has begun is brought to a recorded end.
        if (await AdmitAsync(job) is { } turnedAway)
            return turnedAway;
        if (job.Stopping.IsCancellationRequested)
            return new ExecutionResult.Deferred(time.GetUtcNow(), "the host is stopping");
        if (job.Rejection is null && !job.FitsFrom(time.GetUtcNow()))
            return new ExecutionResult.Deferred(time.GetUtcNow(), "its time limit does not fit into what is left of the delivery");
        if (await claimant.ClaimAsync(job, CancellationToken.None) is { } notClaimed)
            return notClaimed;

        using var claim = job.Claim!;
        using var flight = inFlight.Enter(new InFlightJob(job.Id, claim.Row.Number, job.Lane));
        var ending = await circuits.RunAsync(job, _run);
        if (variation.FollowUpBeforeRecord)
            await FollowUpAsync(job, ending);
        return await RecordAsync(job, claim, ending) is { } recorded ? await FollowUpAsync(job, recorded) : Refused(job, claim);
    }

    /// <summary>The steps before the claim. Null: go on to it.</summary>
    public async Task<ExecutionResult?> AdmitAsync(JobExecution job)
    {
        await admission.ValidateAsync(job, CancellationToken.None);
        return await admission.AdmitAsync(job, CancellationToken.None);
    }

    /// <summary>Stores the outcome, again and again while the lease lasts. Null: refused, another worker holds the job.</summary>
    private async Task<JobEnding?> RecordAsync(JobExecution job, JobClaim claim, JobEnding ending)
    {
        if (ending is JobEnding.Lost)
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
                ExecutionLog.OutcomeNotStored(logger, e, job.Id, claim.Row.Number);
                await Task.Delay(RecordRetryDelay, time);
            }
        }
    }

    private async Task KeepLargePartsAsync(JobExecution job, JobClaim claim, JobEnding ending)
    {
        if (ending is JobEnding.Completed { InBlob: true } completed)
            await payloads.WriteAsync(PayloadName.Result(job.Id), completed.Result, CancellationToken.None);
        var error = ending switch { JobEnding.Retried retried => retried.Error, JobEnding.Buried buried => buried.Error, _ => null };
        if (error is { IsLarge: true })
            await payloads.WriteAsync(PayloadName.Error(job.Id, claim.Row.Number), System.Text.Encoding.UTF8.GetBytes(error.ToString()), CancellationToken.None);
    }

    private async Task<ExecutionResult> FollowUpAsync(JobExecution job, JobEnding ending)
    {
        var row = job.Claim!.Row;
        if (ending is JobEnding.Completed or JobEnding.Buried or JobEnding.CalledOff)
            await followUps.TellWorkflowAsync(job, ending.ToTransition(row, time.GetUtcNow()).Record!.Status, CancellationToken.None);
        switch (ending)
        {
            case JobEnding.Retried retried:
                ExecutionLog.WillRetry(logger, job.Id, job.Spec.Type, row.Number, retried.Error.Kind, retried.Error.Type, retried.RetryAt);
                followUps.Count(job, retried.Error);
                await followUps.SendAttemptAsync(job, row.Number + 1, retried.RetryAt, CancellationToken.None);
                return new ExecutionResult.Failed(row.Number, retried.RetryAt);
            case JobEnding.Buried buried:
                followUps.Count(job, buried.Error);
                return await followUps.BuryAsync(job, buried.Reason, buried.Why, [.. job.EarlierErrors, buried.Error.Trimmed()], CancellationToken.None);
            case JobEnding.Released released:
                return new ExecutionResult.Snoozed(released.Until);
            case JobEnding.CalledOff:
                ExecutionLog.Ended(logger, job.Id, job.Spec.Type, row.Number, row.State);
                return new ExecutionResult.Cancelled();
            default:
                ExecutionLog.Ended(logger, job.Id, job.Spec.Type, row.Number, row.State);
                return new ExecutionResult.Succeeded();
        }
    }

    private ExecutionResult.Deferred Refused(JobExecution job, JobClaim claim)
    {
        metrics.LeaseLost(job.Spec.Type);
        ExecutionLog.ClaimLost(logger, job.Id, claim.Row.Number);
        // Never acknowledged: whoever holds the job may have died already, and this may be its only message.
        return new ExecutionResult.Deferred(claim.Row.LeaseUntil, "the claim was lost");
    }
}
