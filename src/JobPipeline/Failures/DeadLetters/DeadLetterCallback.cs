using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>The payload of the job that is enqueued when another job is dead-lettered.</summary>
/// <param name="JobId">The dead-lettered job; its dead letter has the same id.</param>
/// <param name="Type">The type of that job.</param>
/// <param name="Reason">The reason of the dead letter.</param>
/// <param name="Detail">A description of what happened, for people.</param>
/// <param name="At">When its last attempt failed.</param>
/// <param name="Attempts">The number of failed attempts.</param>
/// <param name="LastError">The error of the last attempt; null if no attempt ran.</param>
/// <param name="ErrorGroup">The error group of the last error.</param>
/// <param name="CorrelationId">The correlation id of the job.</param>
/// <param name="Tags">The tags of the job.</param>
/// <param name="Payload">The payload of the job, if it is small enough to travel in a message.</param>
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
