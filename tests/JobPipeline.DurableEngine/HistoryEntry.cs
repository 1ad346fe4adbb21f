using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>An entry in the history of an execution. The history is the only state that is kept between turns.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(TurnBegan), "turnBegan")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Decided), "decided")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(TimerFired), "timerFired")]
[JsonDerivedType(typeof(Raised), "raised")]
[JsonDerivedType(typeof(Suspended), "suspended")]
[JsonDerivedType(typeof(Resumed), "resumed")]
[JsonDerivedType(typeof(Terminated), "terminated")]
internal abstract record HistoryEntry
{
    private HistoryEntry()
    {
    }

    /// <summary>The start of a turn; its time is the time of the orchestrator until the next turn.</summary>
    public sealed record TurnBegan(DateTimeOffset At) : HistoryEntry;

    public sealed record Started(string? Input) : HistoryEntry;

    /// <summary>A decision of the orchestrator.</summary>
    public sealed record Decided(Decision Decision) : HistoryEntry;

    public sealed record Succeeded(int Id, string? Result) : HistoryEntry;

    public sealed record Failed(int Id, TaskFailureDetails Failure) : HistoryEntry;

    public sealed record TimerFired(int Id) : HistoryEntry;

    public sealed record Raised(string Name, string? Payload) : HistoryEntry;

    public sealed record Suspended : HistoryEntry;

    public sealed record Resumed : HistoryEntry;

    public sealed record Terminated(string? Output) : HistoryEntry;
}

/// <summary>A decision of an orchestrator. A replay must make the same decision with the same id.</summary>
/// <param name="Id">The number of the decision within its execution, from 0.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "decision")]
[JsonDerivedType(typeof(CallActivity), "callActivity")]
[JsonDerivedType(typeof(StartChild), "startChild")]
[JsonDerivedType(typeof(SetTimer), "setTimer")]
[JsonDerivedType(typeof(SendEvent), "sendEvent")]
internal abstract record Decision(int Id)
{
    public sealed record CallActivity(int Id, string Name, string? Input) : Decision(Id);

    public sealed record StartChild(int Id, string Name, string Instance, string? Input) : Decision(Id);

    public sealed record SetTimer(int Id, DateTimeOffset Due) : Decision(Id);

    public sealed record SendEvent(int Id, string Instance, string Name, string? Payload) : Decision(Id);
}
