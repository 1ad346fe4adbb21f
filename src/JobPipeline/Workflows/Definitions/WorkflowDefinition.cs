using System.Text.Json.Serialization;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// A workflow as data: a named, versioned directed acyclic graph of steps, written in JSON or with <see cref="WorkflowBuilder"/>.
/// </summary>
[JsonConverter(typeof(WorkflowDefinitionConverter))]
public sealed record WorkflowDefinition
{
    /// <summary>The maximum number of steps in a definition, not counting the items of a fan-out.</summary>
    public const int MaxSteps = 500;

    /// <summary>
    /// The maximum size of a definition, in bytes of JSON. Each workflow instance stores its definition and its state in one
    /// table row.
    /// </summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The maximum number of items in a fan-out.</summary>
    public const int MaxItems = 100_000;

    /// <summary>The maximum number of items of a fan-out that run in parallel.</summary>
    public const int MaxParallel = 256;

    /// <summary>The default number of items of a fan-out that run in parallel.</summary>
    public const int DefaultParallel = 10;

    internal WorkflowDefinition(string name, int version, IReadOnlyList<WorkflowStep> steps) =>
        (Name, Version, Steps) = (name, version, steps);

    /// <summary>The name: letters, digits, '.', '_' and '-', at most 100 characters.</summary>
    public string Name { get; init; }

    /// <summary>The version, from 1. A running workflow instance keeps the version that it started with.</summary>
    public int Version { get; init; }

    /// <summary>The steps, in any order.</summary>
    internal IReadOnlyList<WorkflowStep> Steps { get; init; }

    /// <summary>A description of the workflow for readers.</summary>
    public string? Description { get; init; }

    /// <summary>The template of the workflow's output, over <c>input</c> and <c>steps</c>; null for no output.</summary>
    public string? Output { get; init; }
}
