using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>
/// Computes since when a job has been waiting for its first start, from its message. This is known if the message has a start time,
/// or if it is being delivered for the first time and was not re-sent. The age of the message of a retry or snooze is not a wait.
/// </summary>
internal static class MessageAge
{
    /// <summary>An id is created shortly before its message is sent; the message of an older id was re-sent.</summary>
    private static readonly TimeSpan SendLimit = TimeSpan.FromMinutes(1);

    /// <param name="body">The message.</param>
    /// <param name="insertedAt">When the message was sent.</param>
    /// <param name="deliveriesBefore">How often it was delivered before.</param>
    /// <returns>The time, or null if it is unknown.</returns>
    public static DateTimeOffset? FirstWaitSince(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt, long deliveriesBefore)
    {
        if (JobMessageReader.Read(body, insertedAt) is not MessageReading.Job { Message: var message })
            return deliveriesBefore == 0 ? insertedAt : null;
        if (message.Spec.NotBefore is { } due && due > insertedAt)
            return due;
        return deliveriesBefore == 0 && message.Attempt == 1 && !IsResent(message, insertedAt) ? insertedAt : null;
    }

    /// <summary>
    /// Returns when the job of the message first became due; if the message does not hold a single job, when it was sent.
    /// </summary>
    public static DateTimeOffset DueAt(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt) =>
        JobMessageReader.Read(body, insertedAt) is MessageReading.Job { Message.Spec: var spec } ? spec.DueAt : insertedAt;

    /// <summary>The id of a child job has the timestamp of its parent's.</summary>
    private static bool IsResent(JobMessage message, DateTimeOffset insertedAt) =>
        message.Id is { } id && message.Spec.Parent is null && insertedAt - id.Timestamp > SendLimit;
}
