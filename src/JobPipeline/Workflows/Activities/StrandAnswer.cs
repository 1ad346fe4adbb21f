using System.Text.Json.Serialization;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>What a strand answers: the endings of the steps that it has run, in their order.</summary>
/// <param name="Events">The endings. All but the last one are successes.</param>
internal sealed record StrandAnswer(IReadOnlyList<StrandEvent> Events)
{
    public static readonly StrandAnswer Nothing = new([]);

    /// <summary>When to ask again, because another copy of the strand is running; null for an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WaitUntil { get; init; }

    /// <summary>Whether a copy of the strand was lost, so that its next step may be running, or have ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBroken { get; init; }
}

/// <summary>An ending in a strand.</summary>
/// <param name="Event">The event.</param>
/// <param name="At">When it happened, by the clock of the worker; never before the one before it.</param>
internal sealed record StrandEvent(WorkflowEvent Event, DateTimeOffset At);
