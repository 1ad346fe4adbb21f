using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>What is recorded of an execution, in the order in which it happened: the only thing that survives from turn to turn.</summary>
internal abstract record HistoryEntry
{
    private HistoryEntry()
    {
    }

    /// <summary>The clock of the orchestrator stands at this until the next turn.</summary>
    public sealed record TurnBegan(DateTimeOffset At) : HistoryEntry;

    public sealed record Started(string? Input) : HistoryEntry;

    /// <summary>The orchestrator asked for something.</summary>
    public sealed record Decided(Decision Decision) : HistoryEntry;

    public sealed record Succeeded(int Id, string? Result) : HistoryEntry;

    public sealed record Failed(int Id, TaskFailureDetails Failure) : HistoryEntry;

    public sealed record TimerFired(int Id) : HistoryEntry;

    public sealed record Raised(string Name, string? Payload) : HistoryEntry;

    public sealed record Suspended : HistoryEntry;

    public sealed record Resumed : HistoryEntry;

    public sealed record Terminated(string? Output) : HistoryEntry;
}

/// <summary>Something that an orchestrator asked for. A replay has to ask for the same under the same number.</summary>
/// <param name="Id">Counts what an execution asks for, from 0.</param>
internal abstract record Decision(int Id)
{
    public sealed record CallActivity(int Id, string Name, string? Input) : Decision(Id);

    public sealed record StartChild(int Id, string Name, string Instance, string? Input) : Decision(Id);

    public sealed record SetTimer(int Id, DateTimeOffset Due) : Decision(Id);

    public sealed record SendEvent(int Id, string Instance, string Name, string? Payload) : Decision(Id);
}
