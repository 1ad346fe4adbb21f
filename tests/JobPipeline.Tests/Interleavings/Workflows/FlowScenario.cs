using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>An external request while the workflow runs.</summary>
public enum Meddling
{
    None,
    Raise,
    Cancel,
    TerminateAndRerun,
}

/// <summary>A workflow, the actors and the number of faults of a run.</summary>
/// <param name="Name">The display name.</param>
/// <param name="Definition">The members of <c>steps</c>; a step's job is written as <c>"job": "scripted", "payload": {}</c>.</param>
public sealed record FlowScenario(string Name, string Definition)
{
    /// <summary>
    /// The output of an undisturbed run, where a job returns <c>step#attempt@generation</c>; null when the output depends on a race.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>The statuses in which it may end.</summary>
    public WorkflowStatus[] Ends { get; init; } = [WorkflowStatus.Completed];

    /// <summary>The steps of the child <c>sub</c>.</summary>
    public string? Child { get; init; }

    /// <summary>The attempts that fail, as <c>step#attempt</c>.</summary>
    public string[] Fails { get; init; } = [];

    public Meddling Meddling { get; init; }

    /// <summary>The maximum number of items that run at a time.</summary>
    public int MaxParallel { get; init; } = int.MaxValue;

    /// <summary>Whether workers advance workflow instances themselves, from memory, as in a self-host.</summary>
    public bool IsInMemory { get; init; }

    /// <summary>Whether processes send the jobs of steps hidden and execute them themselves, as a self-host does.</summary>
    public bool IsSentHidden { get; init; }

    /// <summary>Whether jobs are expected to be quick, so that those of one turn share a message.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The item of a fan-out that kills every process that starts it.</summary>
    public int? Poison { get; init; }

    /// <summary>How often a process stops in an orderly way.</summary>
    public int Stops { get; init; }

    /// <summary>How often the queue is paused and resumed.</summary>
    public int Pauses { get; init; }

    public int Runners { get; init; } = 2;

    public int Workers { get; init; } = 2;

    public int Errors { get; init; }

    public int Kills { get; init; }

    /// <summary>How often time may advance although an actor could continue.</summary>
    public int Stalls { get; init; }

    /// <summary>How many disturbances may be counted as deaths of a job.</summary>
    public int Disturbances => Errors + Kills + Stalls;

    public FlowMutation Mutation { get; init; }

    public override string ToString() =>
        $"{Name} inMemory={IsInMemory} faults={Errors} kills={Kills} stalls={Stalls}"
        + $"{(IsSentHidden ? $" hidden stops={Stops} pauses={Pauses}" : "")} {Mutation}";
}
