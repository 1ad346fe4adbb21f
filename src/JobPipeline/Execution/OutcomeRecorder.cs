using System.Text;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>The record step: stores the verdict of a run, retrying while the lease lasts.</summary>
internal sealed class OutcomeRecorder(IPayloadStore payloads, TimeProvider time, ILogger<OutcomeRecorder> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <returns>
    /// The verdict and the status of the transition that was stored; <see cref="AttemptVerdict.Lost"/> when it was refused.
    /// </returns>
    /// <exception cref="Exception">Storage can't be reached until the lease ends.</exception>
    public async Task<RecordedVerdict> RecordAsync(JobExecution job, JobClaim claim, AttemptVerdict verdict)
    {
        if (verdict is AttemptVerdict.Lost)
            return new RecordedVerdict(verdict, claim.Row, Status: null);
        var recorded = verdict;
        var now = time.GetUtcNow();
        while (true)
        {
            try
            {
                await KeepLargePartsAsync(job, claim, verdict);
                var applied = await claim.EndAsync(row => (recorded = verdict.On(row)).ToTransition(row, now), CancellationToken.None);
                return new RecordedVerdict(applied is null ? new AttemptVerdict.Lost() : recorded, claim.Row, applied?.Record!.Status);
            }
            catch (Exception e) when (time.GetUtcNow() + RetryDelay < claim.Row.LeaseUntil)
            {
                ExecutionLog.OutcomeNotStored(logger, e, job.Id, job.Spec.Type, claim.Row.Number);
                await Task.Delay(RetryDelay, time);
            }
        }
    }

    private async Task KeepLargePartsAsync(JobExecution job, JobClaim claim, AttemptVerdict verdict)
    {
        if (verdict is AttemptVerdict.Completed { InBlob: true } completed)
            await payloads.WriteAsync(PayloadName.Result(job.Id), completed.Result, CancellationToken.None);
        if (verdict.Failure is { IsLarge: true } error)
        {
            var text = Encoding.UTF8.GetBytes(error.ToString());
            await payloads.WriteAsync(PayloadName.Error(job.Id, claim.Row.Number), text, CancellationToken.None);
        }
    }
}
