using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits;

/// <summary>Finds the rows that stand for jobs, for those who act on a job that waits.</summary>
internal sealed class ParkedJobs(
    JobGates jobGates, LocalGates gates, GrantSender sender, ILimitStore store, TimeProvider time, ILogger<ParkedJobs> logger)
    : IParkedJobs
{
    /// <summary>Finds the row at the gate where the job waits; null if it is not parked.</summary>
    public async Task<(GateId Gate, ParkedJob Row)?> FindAsync(
        JobId job, string queue, JobSpec spec, CancellationToken cancellationToken)
    {
        var key = ParkedKey.Of(job, queue, spec);
        await foreach (var gate in jobGates.OfAsync(job, spec, cancellationToken))
        {
            if (await store.FindAsync(gate, key, cancellationToken) is { IsKept: false } row)
                return (gate, row);
        }

        return null;
    }

    /// <inheritdoc/>
    /// <remarks>The delivery removes the row (<see cref="RemoveAsync"/>): until then it stands for the message.</remarks>
    public async Task WakeAsync(JobId ended, string queue, JobSpec spec)
    {
        if (!jobGates.MayHaveRow(spec.Type))
            return;
        try
        {
            if (await FindAsync(ended, queue, spec, CancellationToken.None) is not var (gate, row))
                return;
            if (row.IsTicket)
                await ReturnAsync(gate, row, CancellationToken.None);
            else if (!row.IsGranted)
                await sender.SendAsync(gate, row, time.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception e)
        {
            LimitLog.WakeFailed(logger, e, ended);
        }
    }

    /// <summary>Removes the rows of a job whose message this process holds, and returns what they reserve.</summary>
    public async Task RemoveAsync(JobId job, string queue, JobSpec spec, CancellationToken cancellationToken)
    {
        if (!jobGates.MayHaveRow(spec.Type))
            return;
        var key = ParkedKey.Of(job, queue, spec);
        await foreach (var gate in jobGates.OfAsync(job, spec, cancellationToken))
        {
            if (await store.FindAsync(gate, key, cancellationToken) is { } row)
                await ReturnAsync(gate, row, cancellationToken);
        }
    }

    /// <summary>A row that changes meanwhile is left to its turn.</summary>
    private async Task ReturnAsync(GateId gate, ParkedJob row, CancellationToken cancellationToken)
    {
        if (!row.IsGranted)
            await store.TryRemoveAsync(gate, row, cancellationToken);
        else if (await gates.Of(gate).RedeemAsync(row) is GateAnswer.Open open)
            await open.Permit.ReturnAsync();
    }
}
