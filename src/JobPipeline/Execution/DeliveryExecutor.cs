using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Options;

namespace JobPipeline.Execution;

/// <summary>
/// The entry point for hosts: reads a queue message and runs the job or jobs in it. The host then acknowledges or hides the
/// message as the result asks.
/// </summary>
public sealed class DeliveryExecutor
{
    private readonly JobExecutor _executor;
    private readonly PackExecutor _packs;
    private readonly AttemptSender _sender;
    private readonly DeadLetterWriter _deadLetters;
    private readonly MessageResender _resender;
    private readonly IJobStore _store;

    internal DeliveryExecutor(
        JobExecutor executor,
        FollowUps followUps,
        AttemptSender sender,
        DeadLetterWriter deadLetters,
        MessageResender resender,
        IJobStore store,
        WaitingMessages waiting,
        TimeProvider time,
        IOptions<JobPipelineOptions> options)
    {
        (_executor, _sender, _deadLetters, _resender, _store) = (executor, sender, deadLetters, resender, store);
        _packs = new PackExecutor(executor, followUps, sender, deadLetters, resender, store, waiting, time, options.Value.PackConcurrency);
    }

    /// <summary>Runs the job or jobs in the message.</summary>
    /// <exception cref="Exception">Storage can't be reached. Leave the message; it is delivered again.</exception>
    public Task<DeliveryResult> ExecuteAsync(QueueDelivery delivery, DeliveryTerms terms) => Read(delivery) switch
    {
        MessageReading.Job { Message: var message } => ExecuteAsync(JobOf(delivery, message, terms), terms),
        MessageReading.Pack pack => _packs.ExecuteAsync(delivery, pack, terms),
        MessageReading.Unreadable bad => ResendUnlessDoneAsync(delivery, terms, () => WriteUnreadableAsync(delivery, bad)),
        var other => throw NotAReading(other),
    };

    /// <summary>
    /// Handles a message of a poison queue, which a host has given up on. The record is consulted first: a live job gets its
    /// message back, one that has ended is left as it is, and only what has no record becomes a dead letter. A message that has to come
    /// back stays in the poison queue, or goes there again as it is.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync(QueueDelivery, DeliveryTerms)" path="/exception"/>
    public Task<DeliveryResult> DrainAsync(QueueDelivery delivery, DeliveryTerms terms) => Read(delivery) switch
    {
        MessageReading.Job { Message: var message } =>
            ResendUnlessDoneAsync(delivery, terms, () => DrainAsync(JobOf(delivery, message, terms))),
        // Parts without an id are identified by the message that they came in: a pack is never sent again as a whole.
        MessageReading.Pack pack => _packs.SplitAsync(delivery, pack, terms),
        MessageReading.Unreadable bad => ResendUnlessDoneAsync(delivery, terms, () => WriteUnreadableAsync(delivery, bad)),
        var other => throw NotAReading(other),
    };

    /// <summary>
    /// Sends the message again with a delay, without looking at its job, on a host that acknowledges by returning. A packed message is
    /// split instead, because its jobs may be identified by the message that they came in.
    /// </summary>
    /// <inheritdoc cref="ExecuteAsync(QueueDelivery, DeliveryTerms)" path="/exception"/>
    internal Task<DeliveryResult> DeferAsync(
        QueueDelivery delivery, DeliveryTerms terms, DateTimeOffset until, DeferralReason reason, string why) => Read(delivery) switch
    {
        MessageReading.Job { Message: var message } => DeferAsync(JobOf(delivery, message, terms), until, reason, why),
        MessageReading.Pack pack => _packs.SplitAsync(delivery, pack, terms),
        _ => ExecuteAsync(delivery, terms),
    };

    private static MessageReading Read(QueueDelivery delivery) => JobMessageReader.Read(delivery.Body, delivery.InsertedAt);

    private static JobExecution JobOf(QueueDelivery delivery, JobMessage message, DeliveryTerms terms) =>
        new(delivery, delivery.Body, message, place: null, terms.Stopping) { EndBy = terms.EndBy, MayPark = !terms.HasNoMessage };

    /// <summary>
    /// Runs one job. A foreign message that has to wait is replaced on every host: its own time-to-live, or a host that moves
    /// it elsewhere under a new id, could end it before the job has run.
    /// </summary>
    private async Task<DeliveryResult> ExecuteAsync(JobExecution job, DeliveryTerms terms)
    {
        try
        {
            var result = await _executor.ExecuteAsync(job);
            return terms.AcknowledgesOnReturn || job.Message.Id is null ? await _resender.ReplaceAsync(job, result) : result;
        }
        catch (Exception e) when (terms.AcknowledgesOnReturn)
        {
            return await _resender.AfterFailureAsync(job, e);
        }
    }

    private Task<DeliveryResult> DeferAsync(JobExecution job, DateTimeOffset until, DeferralReason reason, string why)
    {
        // For the name in the metrics.
        _ = _executor.Knows(job);
        return _resender.DeferAsync(job, new DeliveryResult.Deferred(until, reason, why));
    }

    private async Task<DeliveryResult> DrainAsync(JobExecution job)
    {
        var rows = await _store.ReadAsync(job.Id, CancellationToken.None);
        if (rows.Record is { } record && !record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            await _sender.SendAsync(job, job.Message.Attempt, DateTimeOffset.MinValue, CancellationToken.None);
            return new DeliveryResult.Superseded("the job is alive: its message was sent again");
        }

        // This instance can't decide. In its own queue, the message is left to other instances.
        if (rows.Record is null && !_executor.Knows(job))
            return await ReturnToQueueAsync(job);
        job.Rows = rows;
        job.Rejection = (DeadLetterReason.Poison, WhyPoison(job.Delivery));
        return await _executor.ExecuteAsync(job);
    }

    private static string WhyPoison(QueueDelivery delivery) =>
        $"a host gave up on the message after {delivery.DequeueCount} deliveries and moved it to {delivery.Queue}";

    private async Task<DeliveryResult> ReturnToQueueAsync(JobExecution job)
    {
        if (!job.IsAdmitted && ClaimCheck.IsNeeded(job.Id, job.Spec))
            await _sender.SendAsync(job.Queue, job.Body, DateTimeOffset.MinValue, CancellationToken.None);
        else
            await _sender.SendAsync(job, job.Message.Attempt, DateTimeOffset.MinValue, CancellationToken.None);
        return new DeliveryResult.Superseded($"no handler is registered here for '{job.Spec.Type}': the message went back to {job.Queue}");
    }

    private Task<DeliveryResult> WriteUnreadableAsync(QueueDelivery delivery, MessageReading.Unreadable bad) =>
        _deadLetters.WriteUnreadableAsync(delivery, delivery.Body, delivery.DerivedId, bad.Reason, bad.Why, CancellationToken.None);

    /// <summary>Re-sends the message unchanged to its queue, on a host that can't hide messages, unless it is processed.</summary>
    private async Task<DeliveryResult> ResendUnlessDoneAsync(QueueDelivery delivery, DeliveryTerms terms, Func<Task<DeliveryResult>> act)
    {
        if (!terms.AcknowledgesOnReturn)
            return await act();
        try
        {
            return await _resender.ReplaceAsync(delivery, await act());
        }
        catch (Exception e)
        {
            return await _resender.AfterFailureAsync(delivery, delivery.Queue, delivery.Body, e);
        }
    }

    private static InvalidOperationException NotAReading(MessageReading other) => new($"{other.GetType().Name} is not a message reading.");
}
