using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>
/// Since when a message's job has waited, where that can be told: of one that has never been received, or of which this is the
/// first delivery, and that was not sent again with a delay. Of retries and snoozes the age of the message is no wait.
/// </summary>
internal static class MessageAge
{
    /// <summary>An id is made a moment before its message is sent; one that is older was sent again.</summary>
    private static readonly TimeSpan SendLimit = TimeSpan.FromMinutes(1);

    /// <param name="body">The message.</param>
    /// <param name="insertedAt">When it was sent.</param>
    /// <param name="deliveriesBefore">How often it had been received before.</param>
    /// <returns>Null: that can't be told.</returns>
    public static DateTimeOffset? FirstWaitSince(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt, long deliveriesBefore)
    {
        if (JobMessageReader.Read(body, insertedAt) is not MessageReading.Job { Message: var message })
            return deliveriesBefore == 0 ? insertedAt : null;
        if (message.Spec.NotBefore is { } due && due > insertedAt)
            return due;
        return deliveriesBefore == 0 && message.Attempt == 1 && !IsSentAgain(message, insertedAt) ? insertedAt : null;
    }

    /// <summary>When the job of the message first became due; of what holds no single job, when it was sent.</summary>
    public static DateTimeOffset DueAt(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt) =>
        JobMessageReader.Read(body, insertedAt) is MessageReading.Job { Message.Spec: var spec } ? spec.DueAt : insertedAt;

    /// <summary>A child's id is as old as its parent's.</summary>
    private static bool IsSentAgain(JobMessage message, DateTimeOffset insertedAt) =>
        message.Id is { } id && message.Spec.Parent is null && insertedAt - id.Timestamp > SendLimit;
}
