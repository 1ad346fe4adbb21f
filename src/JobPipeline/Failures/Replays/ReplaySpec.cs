using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Failures.Replays;

/// <summary>
/// What a replay asks for. It derives from the letter and the decision alone: whoever finishes a decision sends the very
/// message that the one who took it would have sent, and a second message of it is known as the same job's.
/// </summary>
internal static class ReplaySpec
{
    /// <summary>What the letter's message asked for; null where it can't be read as one job.</summary>
    public static JobSpec? OriginalOf(DeadLetter letter) =>
        JobMessageReader.Read(letter.Original, letter.At) is MessageReading.Job { Message: var message } ? message.Spec : null;

    /// <summary>
    /// The original with what was edited, but without what belonged to its own time and place: unique key, start and expiry,
    /// parent, and the letter it was to tell of.
    /// </summary>
    /// <param name="letter">The letter.</param>
    /// <param name="original">Its message; null where it can't be read.</param>
    /// <param name="decision">The replay.</param>
    /// <param name="payload">The original's payload, where it is not edited.</param>
    public static JobSpec Of(DeadLetter letter, JobSpec? original, Replay decision, ReadOnlyMemory<byte> payload) => new()
    {
        Type = decision.Type ?? original!.Type,
        Payload = decision.IsEdited ? default : payload,
        PayloadInBlob = decision.IsEdited,
        MaxAttempts = original?.MaxAttempts,
        Timeout = original?.Timeout,
        Backoff = original?.Backoff,
        Tags = original?.Tags ?? [],
        CorrelationId = original?.CorrelationId,
        TraceParent = original?.TraceParent,
        ReplayOf = letter.Id,
        EnqueuedAt = decision.At,
    };

    /// <summary>Where it came from.</summary>
    public static string LaneOf(DeadLetter letter) => JobLanes.Of(letter.Queue) is var lane && JobLanes.Exists(lane) ? lane : JobLanes.Normal;
}
