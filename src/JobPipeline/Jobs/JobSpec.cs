using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>What was asked for: the part of a job that never changes after it was enqueued.</summary>
public sealed record JobSpec
{
    /// <summary>The registered job type, such as <c>csv.import</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The payload: UTF-8 JSON. Empty when it lies in a blob (<see cref="PayloadInBlob"/>) or there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>True when the payload was too large for a message and is kept by <see cref="IPayloadStore"/> under the job's id.</summary>
    public bool PayloadInBlob { get; init; }

    /// <summary>Unique key: within its lifetime a second job of the same type and key is not made.</summary>
    public string? Key { get; init; }

    /// <summary>Not to start before; null means at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Not to start after; null means 7 days after it became due.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Overrides the type's number of attempts; null means the type's own.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Overrides the type's time limit of one attempt; null means the type's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Overrides the type's backoff; null means the type's own.</summary>
    public BackoffOverride? Backoff { get; init; }

    /// <summary>Free labels to list jobs by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The caller's own id for the work this job is part of; child jobs inherit it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>W3C trace context of the producer.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The job whose handler enqueued this one.</summary>
    public JobId? Parent { get; init; }

    /// <summary>The dead letter that this job is a replay of.</summary>
    public JobId? ReplayOf { get; init; }

    /// <summary>The dead letter that this job was enqueued to tell of (<c>JobAttribute.OnDeadLetter</c>).</summary>
    public JobId? CallbackOf { get; init; }

    /// <summary>The attempt of a workflow's step that this job is.</summary>
    public WorkflowOrigin? Workflow { get; init; }

    /// <summary>What its producer should know of the message: members of it that have no effect. No part of equality.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = WarningList.Of(value); } = WarningList.None;

    /// <summary>When it was enqueued.</summary>
    public DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>When the job became, or becomes, due: its age counts from here.</summary>
    public DateTimeOffset DueAt => NotBefore > EnqueuedAt ? NotBefore.Value : EnqueuedAt;

    /// <summary>The moment after which it is no longer started.</summary>
    public DateTimeOffset Deadline => ExpiresAt ?? DueAt + JobLimits.DefaultLifetime;
}
