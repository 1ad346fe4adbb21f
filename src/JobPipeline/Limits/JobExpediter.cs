using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits;

/// <summary>The result of a request to run a job now.</summary>
internal enum ExpediteOutcome
{
    /// <summary>A message was sent that starts the job whatever its limits, pauses and due time.</summary>
    Requested,

    /// <summary>The job is running already.</summary>
    AlreadyRunning,

    /// <summary>The job has ended.</summary>
    AlreadyEnded,

    /// <summary>The job does not exist.</summary>
    NotFound,
}

/// <summary>
/// Makes waiting jobs run now. The job's record says so, because a message alone can be forged; its next change of state ends it. What
/// has stood for the job so far, a message or a parked row, remains until it is found to be of no more use.
/// </summary>
internal sealed class JobExpediter(
    IJobStore store, IJobQueue queue, JobGates gates, TimeProvider time, WorkerIdentity worker, ILogger<JobExpediter> logger)
{
    /// <param name="id">The id of the job.</param>
    /// <param name="by">Who asks for it; recorded in the audit log.</param>
    /// <param name="reason">The reason, which is recorded.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task<ExpediteOutcome> ExpediteAsync(JobId id, string by, string reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rows = await store.ReadAsync(id, cancellationToken);
            if (rows.Record is not { } record)
                return ExpediteOutcome.NotFound;
            if (record.Status.State.IsTerminal())
                return ExpediteOutcome.AlreadyEnded;
            if (rows.Current is { State: AttemptState.Running })
                return ExpediteOutcome.AlreadyRunning;
            var (now, row) = (time.GetUtcNow(), RowFor(rows));
            var transition = JobTransition.Expedite(row, now, $"asked to run now by {by}: {reason}");
            if (!(await store.ApplyAsync(transition, cancellationToken)).Applied)
                continue;
            await SendAsync(record, row.Number, cancellationToken);
            LimitLog.Expedited(logger, by, id, reason);
            return ExpediteOutcome.Requested;
        }
    }

    private async Task SendAsync(JobRecord record, int attempt, CancellationToken cancellationToken)
    {
        var named = new List<ReadyGate>();
        await foreach (var gate in gates.OfAsync(record.Id, record.Spec, cancellationToken))
            named.Add(new ReadyGate(gate.Limit, gate.Key));
        var mark = new ReadyMark(record.Queue, named) { Now = true };
        var body = JobMessageWriter.WriteReady(record.Id, attempt, record.Spec, mark);
        await queue.SendAsync(PriorityQueues.Ready, body, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>The attempt that is released: the one that waits, or the next one.</summary>
    private Attempt RowFor(JobSnapshot rows) => rows.Current switch
    {
        { State: AttemptState.Released } row => row with { ClaimId = Guid.NewGuid(), Owner = worker.Name },
        var last => new Attempt
        {
            Job = rows.Record!.Id,
            Number = (last?.Number ?? 0) + 1,
            State = AttemptState.Released,
            ClaimId = Guid.NewGuid(),
            Owner = worker.Name,
            LeaseUntil = time.GetUtcNow(),
            StartedAt = time.GetUtcNow(),
        },
    };
}
