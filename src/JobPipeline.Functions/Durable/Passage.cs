using System.Text.Json;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// What an orchestration is given, by whoever starts it and by itself when it continues as new: the definition and the
/// machine's version (in the state) are pinned by it.
/// </summary>
/// <param name="Definition">What it runs; of a slice the whole.</param>
/// <param name="State">Where it stands; of a slice the state of the whole, without its steps.</param>
/// <param name="CorrelationId">The caller's own id for the work.</param>
internal sealed record Passage(WorkflowDefinition Definition, WorkflowState State, string? CorrelationId)
{
    /// <summary>It is some items of a fan-out; null: it is a whole instance.</summary>
    public WorkflowSlice? Slice { get; init; }

    /// <summary>It has begun before and continues as new: these timers are to be set again.</summary>
    public IReadOnlyList<WorkflowEffect.SetTimer>? Timers { get; init; }

    /// <summary>W3C trace context of the start: what its steps do belongs to that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// A timer that fires early is set again. False for an execution that began under a release without this: a replay has to
    /// set the timers of its history, no more and no fewer.
    /// </summary>
    public bool ResetsEarlyTimers { get; init; }

    public static Passage Of(WorkflowInstance instance) => new(instance.Definition, instance.State, instance.CorrelationId)
    {
        TraceParent = instance.TraceParent,
        ResetsEarlyTimers = true,
    };

    /// <summary>What a slice of one of its fan-outs is given.</summary>
    public Passage Of(WorkflowSlice slice, WorkflowState state) => this with
    {
        Definition = slice.Of(Definition),
        State = state with { Steps = [], Completed = [], Mailbox = [], TakenEvents = [] },
        Slice = slice,
        Timers = null,
        ResetsEarlyTimers = true,
    };
}

/// <summary>How an orchestration ended.</summary>
/// <param name="Status">How.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Slice">What the whole is told, when it was a slice.</param>
internal sealed record PassageEnd(WorkflowStatus Status, string? Reason, WorkflowEvent.SliceEnded? Slice = null);

/// <summary>
/// Everything crosses between orchestrations, activities and clients as a text: JSON by the product's own rules, whatever
/// the worker's serializer is set to, and deeper than anything that is stored.
/// </summary>
internal static class Wire
{
    /// <summary>What is put around what is stored.</summary>
    private const int EnvelopeDepth = 16;

    private static readonly JsonSerializerOptions Options = new(JobJson.Options) { MaxDepth = JobJson.Options.MaxDepth + EnvelopeDepth };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Null for null, and for nothing: activities of an earlier release gave no answer.</summary>
    public static T? ReadAny<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, Options);

    /// <exception cref="JsonException">It is no such thing.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"null is no {typeof(T).Name}");
}
