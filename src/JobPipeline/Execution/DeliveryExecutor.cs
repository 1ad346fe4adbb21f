using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution;

/// <summary>
/// What a host calls with a queue message. It reads the message and runs the job, or the jobs, in it. A host that can hide
/// a message calls <see cref="ExecuteAsync"/> and acts on the answer; it throws only when storage can't be reached, and the
/// host then leaves the message to come back. A host that acknowledges whatever returns calls
/// <see cref="ExecuteWithSuccessorAsync"/>.
/// </summary>
public sealed class DeliveryExecutor
{
    private readonly JobExecutor _executor;
    private readonly PackExecutor _packs;
    private readonly FollowUps _followUps;
    private readonly MessageResender _successors;
    private readonly IJobStore _store;

    internal DeliveryExecutor(
        JobExecutor executor, FollowUps followUps, MessageResender successors, IJobStore store, WaitingMessages waiting, TimeProvider time, IOptions<JobPipelineOptions> options)
    {
        (_executor, _followUps, _successors, _store) = (executor, followUps, successors, store);
        _packs = new PackExecutor(executor, followUps, successors, store, waiting, time, options.Value.PackConcurrency);
    }

    /// <param name="delivery">The message.</param>
    /// <param name="stopping">Cancelled when the grace of a stopping host is over: running handlers are told to stop.</param>
    public Task<DeliveryResult> ExecuteAsync(QueueDelivery delivery, CancellationToken stopping) => RunAsync(delivery, new DeliveryTerms(stopping));

    /// <summary>
    /// The same for hosts that can't hide a message, only acknowledge it by returning: whatever has to come back is sent
    /// as a successor first. <see cref="DeliveryResult.PutBackUntil"/> of the answer is null.
    /// </summary>
    /// <param name="delivery">The message.</param>
    /// <param name="endBy">
    /// When the host takes the delivery away. Handlers are timed out by then; of a packed message, a job whose own time
    /// limit does not fit any more goes on in a message of its own.
    /// </param>
    /// <param name="stopping">Cancelled when the host stops: running handlers are told to stop, jobs not started go on in messages of their own.</param>
    /// <exception cref="Exception">The queue itself can't be reached, and for no other reason: the host keeps the message.</exception>
    public Task<DeliveryResult> ExecuteWithSuccessorAsync(QueueDelivery delivery, DateTimeOffset? endBy, CancellationToken stopping) =>
        RunAsync(delivery, new DeliveryTerms(stopping) { EndBy = endBy, Replaces = true });

    /// <summary>
    /// The same for a delivery that somebody plays and waits for: what has to come back is delivered again by them, as it is.
    /// </summary>
    /// <exception cref="Exception">Storage can't be reached.</exception>
    internal Task<DeliveryResult> ExecuteAwaitedAsync(QueueDelivery delivery, DateTimeOffset? endBy, CancellationToken stopping) =>
        RunAsync(delivery, new DeliveryTerms(stopping) { EndBy = endBy });

    /// <summary>
    /// Judges a message that a host has given up on. The record is consulted first: a job that is alive gets its message
    /// back, one that has ended is left as it is; only what nobody knows becomes a dead letter.
    /// </summary>
    public Task<DeliveryResult> DrainPoisonAsync(QueueDelivery delivery, CancellationToken cancellationToken) =>
        DrainAsync(delivery, new DeliveryTerms(cancellationToken));

    /// <summary>The same for hosts that can't hide a message: what has to come back goes to the poison queue again, as it is.</summary>
    /// <inheritdoc cref="ExecuteWithSuccessorAsync" path="/exception"/>
    public async Task<DeliveryResult> DrainPoisonWithSuccessorAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        var terms = new DeliveryTerms(cancellationToken) { Replaces = true };
        // Parts without an id are known by the message they came in: a pack is never sent again as a whole.
        if (JobMessageReader.Read(delivery.Body, delivery.InsertedAt) is MessageReading.Pack { Parts: var parts })
            return await _packs.SplitAsync(delivery, parts, terms);
        try
        {
            var result = await DrainAsync(delivery, new DeliveryTerms(cancellationToken));
            if (result.PutBackUntil is { } until)
                await _followUps.SendAsync(delivery.Queue, delivery.Body, until, CancellationToken.None);
            return result.WithSuccessor();
        }
        catch (Exception e)
        {
            return await _successors.AfterFailureAsync(delivery, delivery.Queue, delivery.Body, e);
        }
    }

    private Task<DeliveryResult> RunAsync(QueueDelivery delivery, DeliveryTerms terms) =>
        JobMessageReader.Read(delivery.Body, delivery.InsertedAt) switch
        {
            MessageReading.Job { Message: var message } => ExecuteSingleAsync(
                new JobExecution(delivery, delivery.Body, message, place: null, terms.Stopping) { EndBy = terms.EndBy }, terms),
            MessageReading.Pack { Parts: var parts } => _packs.ExecuteAsync(delivery, parts, terms),
            MessageReading.Unreadable bad => BuryAsync(delivery, bad, terms),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no message reading."),
        };

    private async Task<DeliveryResult> DrainAsync(QueueDelivery delivery, DeliveryTerms terms)
    {
        var reading = JobMessageReader.Read(delivery.Body, delivery.InsertedAt);
        if (reading is MessageReading.Pack { Parts: var parts })
            return await _packs.SplitAsync(delivery, parts, terms);
        if (reading is not MessageReading.Job { Message: var message })
            return await RunAsync(delivery, terms);
        var job = new JobExecution(delivery, delivery.Body, message, place: null, terms.Stopping);
        var rows = await _store.ReadAsync(job.Id, CancellationToken.None);
        if (rows.Record is { } record && !record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            await _followUps.SendAttemptAsync(job, message.Attempt, DateTimeOffset.MinValue, CancellationToken.None);
            return new DeliveryResult.Superseded("the job is alive: its message was sent again");
        }

        // Not this instance's to judge. In its lane it is one of those that are left to others.
        if (rows.Record is null && !_executor.Knows(job))
            return await ReturnToLaneAsync(job);
        job.Rows = rows;
        job.Rejection = (DeadLetterReason.Poison, $"a host gave up on the message after {delivery.DequeueCount} deliveries and moved it to {delivery.Queue}");
        return await _executor.ExecuteAsync(job);
    }

    private async Task<DeliveryResult> ReturnToLaneAsync(JobExecution job)
    {
        if (!job.IsAdmitted && ClaimCheck.IsNeeded(job.Id, job.Spec))
            await _followUps.SendAsync(job.Lane, job.Body, DateTimeOffset.MinValue, CancellationToken.None);
        else
            await _followUps.SendAttemptAsync(job, job.Message.Attempt, DateTimeOffset.MinValue, CancellationToken.None);
        return new DeliveryResult.Superseded($"no handler is registered here for '{job.Spec.Type}': the message went back to its lane");
    }

    /// <summary>
    /// Runs one job. A foreign message that has to wait is replaced on every host: its own time-to-live, or a host that moves
    /// it elsewhere under a new id, could end it before the job has run.
    /// </summary>
    private async Task<DeliveryResult> ExecuteSingleAsync(JobExecution job, DeliveryTerms terms)
    {
        try
        {
            var result = await _executor.ExecuteAsync(job);
            return terms.Replaces || job.Message.Id is null ? await _successors.ReplaceAsync(job, result) : result;
        }
        catch (Exception e) when (terms.Replaces)
        {
            return await _successors.AfterFailureAsync(job, e);
        }
    }

    private async Task<DeliveryResult> BuryAsync(QueueDelivery delivery, MessageReading.Unreadable bad, DeliveryTerms terms)
    {
        try
        {
            return await _followUps.BuryUnreadableAsync(delivery, delivery.Body, delivery.DerivedId, bad.Reason, bad.Why, CancellationToken.None);
        }
        catch (Exception e) when (terms.Replaces)
        {
            return await _successors.AfterFailureAsync(delivery, delivery.Queue, delivery.Body, e);
        }
    }
}
