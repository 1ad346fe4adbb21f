using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>The part of a job that never changes after it was enqueued.</summary>
public sealed record JobSpec
{
    /// <summary>The registered job type, such as <c>csv.import</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The payload as UTF-8 JSON. Empty when it is stored in a blob (<see cref="PayloadInBlob"/>) or missing.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the payload was too large for a message and is stored by <see cref="IPayloadStore"/> under the job's id.</summary>
    public bool PayloadInBlob { get; init; }

    /// <summary>The unique key: during its lifetime no second job with the same type and key is created.</summary>
    public string? Key { get; init; }

    /// <summary>The earliest start; null means immediately.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The latest start; null means 7 days after the job becomes due.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The maximum number of attempts; null means that of the job type.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The time limit of one attempt; null means that of the job type.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Overrides of the job type's backoff; null means no override.</summary>
    public BackoffOverride? Backoff { get; init; }

    /// <summary>Labels that jobs can be listed by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The caller's own id for the work that this job is part of; child jobs inherit it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>
    /// The customer, account or user that the job is for. Limits and fairness can be divided by it; child jobs inherit it.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>What limits can be divided by if the tenant does not fit; null means the tenant. Child jobs inherit it.</summary>
    public string? Group { get; init; }

    /// <summary>The W3C trace context of the producer.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The job whose handler enqueued this one.</summary>
    public JobId? Parent { get; init; }

    /// <summary>The dead letter that this job replays.</summary>
    public JobId? ReplayOf { get; init; }

    /// <summary>The dead letter that this job is the callback of (<c>JobAttribute.OnDeadLetter</c>).</summary>
    public JobId? CallbackOf { get; init; }

    /// <summary>The workflow step attempt that this job runs.</summary>
    public WorkflowOrigin? Workflow { get; init; }

    /// <summary>Warnings for the producer about members of the message that have no effect. Not part of equality.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = WarningList.Of(value); } = WarningList.None;

    /// <summary>When the job was enqueued.</summary>
    public DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>When the job became or becomes due. Its age is counted from this time.</summary>
    public DateTimeOffset DueAt => NotBefore > EnqueuedAt ? NotBefore.Value : EnqueuedAt;

    /// <summary>The time after which the job is no longer started.</summary>
    public DateTimeOffset Deadline => ExpiresAt ?? DueAt + JobLimits.DefaultLifetime;
}
