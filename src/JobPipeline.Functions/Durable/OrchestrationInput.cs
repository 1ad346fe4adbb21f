using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The input of an orchestration, from its starter or from itself when it continues as new. It pins the definition and, in the
/// state, the version of the workflow machine.
/// </summary>
/// <param name="Definition">The definition to run; for a slice, that of the whole workflow instance.</param>
/// <param name="State">The state; for a slice, that of the whole workflow instance without its steps.</param>
/// <param name="CorrelationId">The caller's correlation id.</param>
internal sealed record OrchestrationInput(WorkflowDefinition Definition, WorkflowState State, string? CorrelationId)
{
    /// <summary>The slice of a fan-out to run; null for a whole workflow instance.</summary>
    public WorkflowSlice? Slice { get; init; }

    /// <summary>The timers to set again after continuing as new; null in the first execution.</summary>
    public IReadOnlyList<WorkflowEffect.SetTimer>? Timers { get; init; }

    /// <summary>The W3C trace context of the start, to which the work of its steps belongs.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// Whether a timer that fires early is set again. False for an execution that started under a release without this behavior: a
    /// replay must set exactly the timers in its history.
    /// </summary>
    public bool ResetsEarlyTimers { get; init; }

    /// <summary>
    /// The version of the interpreter, which an orchestration keeps to its end: 0, as in the inputs of releases that had only one,
    /// for version 1. A child and a slice have the version of their parent.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Interpreter { get; init; }

    /// <summary>
    /// The job types that are expected to be quick, whose steps may run in strands; null without strands. An orchestration keeps them
    /// to its end.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Strands { get; init; }

    /// <summary>Creates the input of an orchestration that runs under version 1.</summary>
    public static OrchestrationInput Of(WorkflowInstance instance) => new(instance.Definition, instance.State, instance.CorrelationId)
    {
        TraceParent = instance.TraceParent,
        ResetsEarlyTimers = true,
    };

    /// <summary>Creates the input of an orchestration that runs under a version of the interpreter.</summary>
    /// <param name="instance">The workflow instance.</param>
    /// <param name="interpreter">The version.</param>
    /// <param name="quick"><see cref="Strands"/>, for a version that has strands.</param>
    public static OrchestrationInput Of(WorkflowInstance instance, int interpreter, IReadOnlyList<string>? quick = null) =>
        interpreter < Durable.Interpreter.OldestVersion
            ? Of(instance)
            : Of(instance) with { Interpreter = interpreter, Strands = interpreter < Durable.Interpreter.Version ? null : quick };

    /// <summary>Creates the input of a slice of one of its fan-outs.</summary>
    public OrchestrationInput Of(WorkflowSlice slice, WorkflowState state) => this with
    {
        Definition = slice.Of(Definition),
        State = state with { Steps = [], Completed = [], Mailbox = [], TakenEvents = [] },
        Slice = slice,
        Timers = null,
        ResetsEarlyTimers = true,
        Strands = null,
    };
}

/// <summary>The output of an orchestration.</summary>
/// <param name="Status">The final status.</param>
/// <param name="Reason">The reason for it.</param>
/// <param name="Slice">The result of a slice, for the whole workflow instance.</param>
internal sealed record OrchestrationOutput(WorkflowStatus Status, string? Reason, WorkflowEvent.SliceEnded? Slice = null);

/// <summary>
/// The JSON format in which orchestrations, activities and clients exchange data as strings: that of the pipeline, whatever the
/// worker's serializer settings, with a higher maximum depth than stored data.
/// </summary>
internal static class OrchestrationJson
{
    /// <summary>The additional depth of the objects around stored data.</summary>
    private const int EnvelopeDepth = 16;

    private static readonly JsonSerializerOptions Options = new(JobJson.Options) { MaxDepth = JobJson.Options.MaxDepth + EnvelopeDepth };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads a value; null for null and for a missing result, which activities of an earlier release return.</summary>
    public static T? ReadAny<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Options);

    /// <exception cref="JsonException">The text is not a JSON value of that type.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The value is null instead of a {typeof(T).Name}");
}
