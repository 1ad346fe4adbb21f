using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The JSON shape of a definition; docs/workflow.schema.json describes it for editors.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WorkflowJson
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public required string Name { get; init; }

    public int Version { get; init; } = 1;

    public string? Description { get; init; }

    public required Dictionary<string, StepJson> Steps { get; init; }

    public string? Output { get; init; }
}

/// <summary>
/// The JSON shape of a step: one of <c>job</c>, <c>forEach</c>, <c>waitFor</c>, <c>delay</c> and <c>workflow</c>, with its
/// settings.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StepJson
{
    public string? Job { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Payload { get; init; }

    public ForEachJson? ForEach { get; init; }

    public string? WaitFor { get; init; }

    public TimeoutRule? OnTimeout { get; init; }

    public TimeSpan? Delay { get; init; }

    public string? Workflow { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Input { get; init; }

    public IReadOnlyList<string>? Needs { get; init; }

    public TriggerRule? When { get; init; }

    public RetryJson? Retry { get; init; }

    public TimeSpan? Timeout { get; init; }

    public CompensateJson? Compensate { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ForEachJson
{
    public required string Items { get; init; }

    public int? MaxParallel { get; init; }

    public string? Job { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Payload { get; init; }

    public string? Workflow { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Input { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RetryJson
{
    public required int MaxAttempts { get; init; }

    public BackoffOverride? Backoff { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CompensateJson
{
    public string? Job { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Payload { get; init; }
}
