using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>An orchestration as the engine keeps it.</summary>
internal sealed class DurableInstance(string id, string name, string? input, DateTimeOffset createdAt, DurableParent? parent)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>That of the current execution.</summary>
    public string? Input { get; set; } = input;

    public DurableParent? Parent { get; } = parent;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>Of the current execution.</summary>
    public List<HistoryEntry> History { get; } = [];

    /// <summary>Has arrived and is not in the history yet.</summary>
    public Queue<HistoryEntry> Inbox { get; } = [];

    /// <summary>Counts the executions, from 1; answers to an earlier one count for nothing.</summary>
    public int Execution { get; set; } = 1;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    /// <summary>How often the orchestrator was run from its beginning.</summary>
    public int Turns { get; set; }

    public TaskCompletionSource Ended { get; } = new();

    public bool HasEnded => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>Who waits for the end of a sub-orchestration.</summary>
/// <param name="Instance">The parent.</param>
/// <param name="Execution">Its execution.</param>
/// <param name="Task">Under which number it was asked for.</param>
internal sealed record DurableParent(DurableInstance Instance, int Execution, int Task);
