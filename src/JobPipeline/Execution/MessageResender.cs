using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// Brings a message back by sending another one in its place, for hosts that can't hide it, and for foreign messages. The
/// successor goes out before the original is acknowledged: a crash in between leaves two, never none.
/// </summary>
internal sealed class MessageResender(FollowUps followUps, JobMetrics metrics, TimeProvider time, ILogger<MessageResender> logger)
{
    /// <summary>How long a job rests after its delivery failed: storage needs a moment.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Sends what the result says must come back. The answer is to be acknowledged.</summary>
    public async Task<DeliveryResult> ReplaceAsync(JobExecution job, DeliveryResult result)
    {
        if (result.PutBackUntil is { } until)
            await followUps.SendAttemptAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return result.WithSuccessor();
    }

    /// <summary>
    /// Sends the job again after its delivery failed. A foreign message goes under the id that it was known by; one that
    /// fits no envelope (its payload was to go to a blob, which failed) goes as it came, for nothing is on record of it.
    /// </summary>
    /// <exception cref="Exception">The queue can't be reached either: the host has to keep the message.</exception>
    public async Task<DeliveryResult> AfterFailureAsync(JobExecution job, Exception error)
    {
        if (!job.IsAdmitted && ClaimCheck.IsNeeded(job.Id, job.Spec))
            return await AfterFailureAsync(job.Delivery, job.Lane, job.Body, error);
        var until = time.GetUtcNow() + Pause;
        await followUps.SendAttemptAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return Replaced(job.Delivery, error, until);
    }

    /// <summary>Sends the bytes again after what was to be done with them failed.</summary>
    /// <inheritdoc cref="AfterFailureAsync(JobExecution, Exception)" path="/exception"/>
    public async Task<DeliveryResult> AfterFailureAsync(QueueDelivery delivery, string queue, ReadOnlyMemory<byte> body, Exception error)
    {
        var until = time.GetUtcNow() + Pause;
        await followUps.SendAsync(queue, body, until, CancellationToken.None);
        return Replaced(delivery, error, until);
    }

    private DeliveryResult Replaced(QueueDelivery delivery, Exception error, DateTimeOffset until)
    {
        metrics.Deferred(type: null, DeferralReason.DeliveryFailed);
        ExecutionLog.Replaced(logger, error, delivery.MessageId, delivery.Queue, until);
        return new DeliveryResult.Deferred(until, DeferralReason.DeliveryFailed, "its delivery failed").WithSuccessor();
    }
}
