namespace Microsoft.DurableTask;

public record StartOrchestrationOptions
{
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null) =>
        (this.InstanceId, this.StartAt) = (InstanceId, StartAt);

    public StartOrchestrationOptions(StartOrchestrationOptions options) =>
        (InstanceId, StartAt, Tags, DedupeStatuses) = (options.InstanceId, options.StartAt, options.Tags, options.DedupeStatuses);

    public string? InstanceId { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
