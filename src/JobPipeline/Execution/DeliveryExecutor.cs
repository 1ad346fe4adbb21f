using JobPipeline.Failures;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution;

/// <summary>
/// What a host calls with a queue message. It reads the message and runs the job, or the jobs, in it. It throws only when
/// storage can't be reached; the host then leaves the message to come back.
/// </summary>
public sealed class DeliveryExecutor
{
    private readonly JobExecutor _executor;
    private readonly PackExecutor _packs;
    private readonly FollowUps _followUps;
    private readonly IJobStore _store;

    internal DeliveryExecutor(JobExecutor executor, FollowUps followUps, IJobStore store, IJobQueue queue, TimeProvider time, IOptions<JobPipelineOptions> options)
    {
        (_executor, _followUps, _store) = (executor, followUps, store);
        _packs = new PackExecutor(executor, followUps, store, queue, time, options.Value.PackConcurrency);
    }

    /// <param name="delivery">The message.</param>
    /// <param name="stopping">Cancelled when the grace of a stopping host is over: running handlers are told to stop.</param>
    public Task<ExecutionResult> ExecuteAsync(QueueDelivery delivery, CancellationToken stopping) =>
        JobMessageReader.Read(delivery.Body, delivery.InsertedAt) switch
        {
            MessageReading.Job { Message: var message } =>
                ExecuteSingleAsync(new JobExecution(delivery, delivery.Body, message, place: null, stopping)),
            MessageReading.Pack { Parts: var parts } => _packs.ExecuteAsync(delivery, parts, stopping),
            MessageReading.Unreadable bad =>
                _followUps.BuryUnreadableAsync(delivery, delivery.Body, delivery.DerivedId, bad.Reason, bad.Why, CancellationToken.None),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no message reading."),
        };

    /// <summary>
    /// Judges a message that a host has given up on. The record is consulted first: a job that is alive gets its message
    /// back, one that has ended is left as it is; only what nobody knows becomes a dead letter.
    /// </summary>
    public async Task<ExecutionResult> DrainPoisonAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        var reading = JobMessageReader.Read(delivery.Body, delivery.InsertedAt);
        if (reading is MessageReading.Pack { Parts: var parts })
            return await _packs.SplitAsync(delivery, parts);
        if (reading is not MessageReading.Job { Message: var message })
            return await ExecuteAsync(delivery, cancellationToken);
        var job = new JobExecution(delivery, delivery.Body, message, place: null, cancellationToken);
        var rows = await _store.ReadAsync(job.Id, cancellationToken);
        if (rows.Record is { } record && !record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            await _followUps.SendAttemptAsync(job, message.Attempt, DateTimeOffset.MinValue, cancellationToken);
            return new ExecutionResult.Superseded("the job is alive: its message was sent again");
        }

        job.Rows = rows;
        job.Rejection = (DeadLetterReason.Poison, $"a host gave up on the message after {delivery.DequeueCount} deliveries and moved it to {delivery.Queue}");
        return await _executor.ExecuteAsync(job);
    }

    private Task<ExecutionResult> ExecuteSingleAsync(JobExecution job) =>
        job.Message.Id is null ? ExecuteForeignAsync(job) : _executor.ExecuteAsync(job);

    /// <summary>
    /// A foreign message that has to wait is replaced by a successor of ours: its own time-to-live, or a host that moves it
    /// elsewhere under a new id, could end it before the job has run.
    /// </summary>
    private async Task<ExecutionResult> ExecuteForeignAsync(JobExecution job)
    {
        var result = await _executor.ExecuteAsync(job);
        if (result.PutBackUntil is not { } until)
            return result;
        await _followUps.SendAttemptAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return result.WithSuccessor();
    }
}
