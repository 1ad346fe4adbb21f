using JobPipeline.Jobs;

namespace JobPipeline.Diagnostics;

/// <summary>The attributes of an attempt's span.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="KnownType">The job type; null when no handler is registered for it, since senders can invent types.</param>
/// <param name="Type">The job type in its message.</param>
/// <param name="Queue">The queue that it came from.</param>
/// <param name="MessageId">The message that it came in.</param>
/// <param name="CorrelationId">The caller's id for the work.</param>
/// <param name="TraceParent">W3C trace context of the sender.</param>
/// <param name="Workflow">The workflow instance of the step; null if the job is not a step.</param>
/// <param name="Step">The id of the step; null if the job is not a step.</param>
internal readonly record struct AttemptTrace(
    JobId Job,
    int Attempt,
    DateTimeOffset StartedAt,
    string? KnownType,
    string Type,
    string Queue,
    string MessageId,
    string? CorrelationId,
    string? TraceParent,
    string? Workflow,
    string? Step);
