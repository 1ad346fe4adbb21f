using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// Builds the specification of a replayed job. It derives from the dead letter and the decision only, so any instance that finishes a
/// decision sends the same message, and a second message is recognised as the same job.
/// </summary>
internal static class ReplaySpec
{
    /// <summary>Returns the specification in the dead letter's message; null if it can't be read as one job.</summary>
    public static JobSpec? OriginalOf(DeadLetter deadLetter) =>
        JobMessageReader.Read(deadLetter.Original, deadLetter.At) is MessageReading.Job { Message: var message } ? message.Spec : null;

    /// <summary>
    /// Returns the original specification with the edits, but without the properties bound to the original job: unique key, start and
    /// expiry time, parent, and the dead letter it was a callback of.
    /// </summary>
    /// <param name="deadLetter">The dead letter.</param>
    /// <param name="original">The specification in its message; null if it can't be read.</param>
    /// <param name="decision">The replay.</param>
    /// <param name="payload">The payload of the original, if it is not edited.</param>
    public static JobSpec Of(DeadLetter deadLetter, JobSpec? original, Replay decision, ReadOnlyMemory<byte> payload) => new()
    {
        Type = decision.Type ?? original!.Type,
        Payload = decision.IsEdited ? default : payload,
        PayloadInBlob = decision.IsEdited,
        MaxAttempts = original?.MaxAttempts,
        Timeout = original?.Timeout,
        Backoff = original?.Backoff,
        Tags = original?.Tags ?? [],
        CorrelationId = original?.CorrelationId,
        Tenant = original?.Tenant,
        Group = original?.Group,
        TraceParent = original?.TraceParent,
        ReplayOf = deadLetter.Id,
        EnqueuedAt = decision.At,
    };

    /// <summary>Returns the queue it came from.</summary>
    public static string QueueOf(DeadLetter deadLetter) =>
        PriorityQueues.Of(deadLetter.Queue) is var queue && PriorityQueues.Exists(queue) ? queue : PriorityQueues.Normal;
}
