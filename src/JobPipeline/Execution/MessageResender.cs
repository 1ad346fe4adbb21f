using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// Replaces a message by a new one, for hosts that can't hide it, and for foreign messages. The new message is sent before the
/// original is acknowledged: a crash in between leaves two, never none.
/// </summary>
internal sealed class MessageResender(AttemptSender sender, JobMetrics metrics, TimeProvider time, ILogger<MessageResender> logger)
{
    /// <summary>The delay of a message whose delivery failed: storage needs a moment.</summary>
    public static readonly TimeSpan FailureDelay = TimeSpan.FromSeconds(30);

    /// <summary>Sends the job again if the result asks for it. The returned result asks to acknowledge.</summary>
    public async Task<DeliveryResult> ReplaceAsync(JobExecution job, DeliveryResult result)
    {
        if (result.PutBackUntil is { } until)
            await sender.SendAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return result.AsReplaced();
    }

    /// <summary>Sends the message again, as it is, if the result asks for it. The returned result asks to acknowledge.</summary>
    public async Task<DeliveryResult> ReplaceAsync(QueueDelivery delivery, DeliveryResult result)
    {
        if (result.PutBackUntil is { } until)
            await sender.SendAsync(delivery.Queue, delivery.Body, until, CancellationToken.None);
        return result.AsReplaced();
    }

    /// <summary>Sends the job again, which has not been looked at; one that fits no envelope is sent as it came.</summary>
    public async Task<DeliveryResult> DeferAsync(JobExecution job, DeliveryResult.Deferred result)
    {
        metrics.Deferred(job.Descriptor?.Type, result.Reason);
        return !job.IsAdmitted && ClaimCheck.IsNeeded(job.Id, job.Spec)
            ? await ReplaceAsync(job.Delivery, result)
            : await ReplaceAsync(job, result);
    }

    /// <summary>
    /// Sends the job again after its delivery failed. A foreign message is sent under the id that was derived for it. One that fits no
    /// envelope, because writing its payload to a blob failed, is sent as it came: nothing is on record for it.
    /// </summary>
    /// <exception cref="Exception">The queue can't be reached either: the host has to keep the message.</exception>
    public async Task<DeliveryResult> AfterFailureAsync(JobExecution job, Exception error)
    {
        if (!job.IsAdmitted && ClaimCheck.IsNeeded(job.Id, job.Spec))
            return await AfterFailureAsync(job.Delivery, job.Queue, job.Body, error);
        var until = time.GetUtcNow() + FailureDelay;
        await sender.SendAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return Replaced(job.Delivery, error, until);
    }

    /// <summary>Sends a body again after its processing failed.</summary>
    /// <inheritdoc cref="AfterFailureAsync(JobExecution, Exception)" path="/exception"/>
    public async Task<DeliveryResult> AfterFailureAsync(QueueDelivery delivery, string queue, ReadOnlyMemory<byte> body, Exception error)
    {
        var until = time.GetUtcNow() + FailureDelay;
        await sender.SendAsync(queue, body, until, CancellationToken.None);
        return Replaced(delivery, error, until);
    }

    private DeliveryResult Replaced(QueueDelivery delivery, Exception error, DateTimeOffset until)
    {
        metrics.Deferred(type: null, DeferralReason.DeliveryFailed);
        ExecutionLog.Replaced(logger, error, delivery.MessageId, delivery.Queue, until);
        return new DeliveryResult.Deferred(until, DeferralReason.DeliveryFailed, "its delivery failed").AsReplaced();
    }
}
