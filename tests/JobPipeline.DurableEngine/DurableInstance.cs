using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>The state of an orchestration in the engine.</summary>
internal sealed class DurableInstance(string id, string name, string? input, DateTimeOffset createdAt, DurableParent? parent)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>The input of the current execution.</summary>
    public string? Input { get; set; } = input;

    public DurableParent? Parent { get; } = parent;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>The history of the current execution.</summary>
    public List<HistoryEntry> History { get; } = [];

    /// <summary>Entries that have arrived and are not in the history yet.</summary>
    public Queue<HistoryEntry> Inbox { get; } = [];

    /// <summary>The number of the current execution, from 1. Results for an earlier one are ignored.</summary>
    public int Execution { get; set; } = 1;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public string? CustomStatus { get; set; }

    public string? Output { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    /// <summary>The number of replays of the orchestrator.</summary>
    public int Turns { get; set; }

    public TaskCompletionSource Ended { get; } = new();

    public bool HasEnded =>
        Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>The parent that waits for the end of a sub-orchestration.</summary>
/// <param name="Instance">The parent.</param>
/// <param name="Execution">The execution of the parent.</param>
/// <param name="Task">The id of the decision that started the sub-orchestration.</param>
internal sealed record DurableParent(DurableInstance Instance, int Execution, int Task);
