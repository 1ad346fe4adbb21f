using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>What somebody outside does while the workflow runs.</summary>
public enum Meddling
{
    None,
    Raise,
    Cancel,
    TerminateAndRerun,
}

/// <summary>A workflow, who takes part, and how much may go wrong.</summary>
/// <param name="Name">For people.</param>
/// <param name="Definition">The members of <c>steps</c>; a step's job is written as <c>"job": "scripted", "payload": {}</c>.</param>
public sealed record FlowScenario(string Name, string Definition)
{
    /// <summary>What it returns when nothing disturbs it: <c>step#attempt@generation</c> is what a job gives. Null: it depends on who wins.</summary>
    public string? Output { get; init; }

    /// <summary>How it may end.</summary>
    public WorkflowStatus[] Ends { get; init; } = [WorkflowStatus.Completed];

    /// <summary>The steps of the child <c>sub</c>.</summary>
    public string? Child { get; init; }

    /// <summary>Attempts that fail, as <c>step#attempt</c>.</summary>
    public string[] Fails { get; init; } = [];

    public Meddling Meddling { get; init; }

    /// <summary>Most items at a time.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    public int Runners { get; init; } = 2;

    public int Workers { get; init; } = 2;

    public int Faults { get; init; }

    public int Kills { get; init; }

    /// <summary>How often time may move on while somebody could have gone on.</summary>
    public int Stalls { get; init; }

    public FlowMutation Mutation { get; init; }

    public override string ToString() => $"{Name} faults={Faults} kills={Kills} stalls={Stalls} {Mutation}";
}
