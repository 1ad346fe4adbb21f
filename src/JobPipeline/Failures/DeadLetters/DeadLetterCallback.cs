using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>The payload of a job that is enqueued because another one ended as a dead letter.</summary>
/// <param name="JobId">That job; its dead letter has the same id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Reason">Why it is a dead letter.</param>
/// <param name="Detail">What happened, for people.</param>
/// <param name="At">When its last attempt failed.</param>
/// <param name="Attempts">How many attempts failed.</param>
/// <param name="LastError">The newest one's error; null where nothing ran.</param>
/// <param name="ErrorGroup">Its error group.</param>
/// <param name="CorrelationId">The job's.</param>
/// <param name="Tags">The job's.</param>
/// <param name="Payload">The job's payload, where it is small enough to travel in a message.</param>
public sealed record DeadLetterCallback(
    JobId JobId,
    string Type,
    DeadLetterReason Reason,
    string Detail,
    DateTimeOffset At,
    int Attempts,
    AttemptError? LastError,
    string? ErrorGroup,
    string? CorrelationId,
    IReadOnlyList<string> Tags,
    JsonElement? Payload);
