using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The API representation of a job.</summary>
internal sealed record JobView
{
    internal const int MaxChildren = 100;

    public required JobId Id { get; init; }

    public required string Type { get; init; }

    public required string Queue { get; init; }

    public required JobState State { get; init; }

    /// <summary>Why the job is in this state: the last error, who cancelled it, or what it is waiting for.</summary>
    public string? Reason { get; init; }

    /// <summary>When the job entered this state.</summary>
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>When a waiting job may start.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The attempt that this state belongs to; 0 before the first.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// The number of attempts after which the job becomes a dead letter; absent if neither the job nor a known job type specifies
    /// it.
    /// </summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The time limit of one attempt; absent if neither the job nor a known job type specifies it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The payload with credentials among its headers redacted; absent if there is none, or if <see cref="PayloadNote"/> explains
    /// why.
    /// </summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Why the payload is not shown, and where it is stored.</summary>
    public string? PayloadNote { get; init; }

    /// <summary>Members of the original message that have no effect, such as misspelled ones.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public JobProgress? Progress { get; init; }

    public JsonElement? Result { get; init; }

    public DeadLetterReason? DeadLetterReason { get; init; }

    public JobId? DuplicateOf { get; init; }

    public string? Key { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="JobSpec.Tenant"/>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="JobSpec.Group"/>
    public string? Group { get; init; }

    public JobId? Parent { get; init; }

    /// <summary>The dead letter of which the job is a replay.</summary>
    public JobId? ReplayOf { get; init; }

    /// <summary>The dead letter of which the job is a notification.</summary>
    public JobId? CallbackOf { get; init; }

    /// <summary>The workflow step for which the job was enqueued.</summary>
    public JobWorkflowView? Workflow { get; init; }

    /// <summary>Why a waiting job is not running.</summary>
    public IReadOnlyList<WaitReason>? WaitsFor { get; init; }

    public required IReadOnlyList<AttemptView> Attempts { get; init; }

    /// <summary>The jobs that the handler enqueued, oldest first; at most 100.</summary>
    public required IReadOnlyList<ChildView> Children { get; init; }

    /// <summary>Whether there are more children than shown.</summary>
    public bool HasMoreChildren { get; init; }

    internal static JobView Of(
        JobSnapshot rows,
        JobDescriptor? type,
        ShownPayload payload,
        ReadOnlyMemory<byte> result,
        IReadOnlyList<WaitReason> waitsFor,
        IReadOnlyList<JobSummary> children)
    {
        var record = rows.Record!;
        return new JobView
        {
            Id = record.Id,
            Type = record.Spec.Type,
            Queue = record.Queue,
            State = record.Status.State,
            Reason = record.Status.Reason,
            Since = record.Status.Since,
            EnqueuedAt = record.Spec.EnqueuedAt,
            DueAt = record.Status.DueAt,
            Attempt = record.Status.Attempt,
            MaxAttempts = record.Spec.MaxAttempts ?? type?.MaxAttempts,
            Timeout = record.Spec.Timeout ?? type?.Timeout,
            Payload = payload.Json,
            PayloadNote = payload.Note,
            Warnings = record.Spec.Warnings.Count > 0 ? record.Spec.Warnings : null,
            Progress = rows.Current?.Progress,
            Result = ShownJson.Of(result),
            DeadLetterReason = record.Status.DeadLetterReason,
            DuplicateOf = record.Status.DuplicateOf,
            Key = record.Spec.Key,
            Tags = record.Spec.Tags,
            CorrelationId = record.Spec.CorrelationId,
            Tenant = record.Spec.Tenant,
            Group = record.Spec.Group,
            Parent = record.Spec.Parent,
            ReplayOf = record.Spec.ReplayOf,
            CallbackOf = record.Spec.CallbackOf,
            Workflow = record.Spec.Workflow is { } step ? JobWorkflowView.Of(step) : null,
            WaitsFor = waitsFor.Count > 0 ? waitsFor : null,
            Attempts = [.. rows.Attempts.Select(AttemptView.Of)],
            Children = [.. children.Take(MaxChildren).Select(ChildView.Of)],
            HasMoreChildren = children.Count > MaxChildren,
        };
    }
}
