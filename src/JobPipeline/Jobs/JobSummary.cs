namespace JobPipeline.Jobs;

/// <summary>A job in a list: its record without the payload, the result and the policy overrides.</summary>
public sealed record JobSummary
{
    public required JobId Id { get; init; }

    public required string Type { get; init; }

    public required string Queue { get; init; }

    public required JobState State { get; init; }

    /// <inheritdoc cref="JobStatus.Attempt"/>
    public required int Attempt { get; init; }

    /// <inheritdoc cref="JobStatus.Since"/>
    public required DateTimeOffset Since { get; init; }

    /// <inheritdoc cref="JobStatus.DueAt"/>
    public DateTimeOffset? DueAt { get; init; }

    /// <inheritdoc cref="JobStatus.Reason"/>
    public string? Reason { get; init; }

    /// <inheritdoc cref="JobStatus.DeadLetterReason"/>
    public DeadLetterReason? DeadLetterReason { get; init; }

    /// <inheritdoc cref="JobStatus.DuplicateOf"/>
    public JobId? DuplicateOf { get; init; }

    /// <inheritdoc cref="JobSpec.Key"/>
    public string? Key { get; init; }

    /// <inheritdoc cref="JobSpec.Tags"/>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc cref="JobSpec.CorrelationId"/>
    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="JobSpec.Tenant"/>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="JobSpec.Group"/>
    public string? Group { get; init; }

    /// <inheritdoc cref="JobSpec.Parent"/>
    public JobId? Parent { get; init; }

    /// <inheritdoc cref="JobSpec.EnqueuedAt"/>
    public required DateTimeOffset EnqueuedAt { get; init; }

    public static JobSummary Of(JobRecord record) => new()
    {
        Id = record.Id,
        Type = record.Spec.Type,
        Queue = record.Queue,
        State = record.Status.State,
        Attempt = record.Status.Attempt,
        Since = record.Status.Since,
        DueAt = record.Status.DueAt,
        Reason = record.Status.Reason,
        DeadLetterReason = record.Status.DeadLetterReason,
        DuplicateOf = record.Status.DuplicateOf,
        Key = record.Spec.Key,
        Tags = record.Spec.Tags,
        CorrelationId = record.Spec.CorrelationId,
        Tenant = record.Spec.Tenant,
        Group = record.Spec.Group,
        Parent = record.Spec.Parent,
        EnqueuedAt = record.Spec.EnqueuedAt,
    };
}
