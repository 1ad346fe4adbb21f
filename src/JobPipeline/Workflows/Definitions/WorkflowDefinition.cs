using System.Text.Json.Serialization;

namespace JobPipeline.Workflows.Definitions;

/// <summary>A workflow as data: a named, versioned DAG of steps. Written in JSON or with a builder.</summary>
/// <param name="Name">Its name: letters, digits, '.', '_' and '-', at most 100.</param>
/// <param name="Version">Its version, from 1. A running instance keeps to the version that it started with.</param>
/// <param name="Steps">The steps, in any order.</param>
[JsonConverter(typeof(WorkflowDefinitionConverter))]
public sealed record WorkflowDefinition(string Name, int Version, IReadOnlyList<WorkflowStep> Steps)
{
    /// <summary>Most steps of a definition; items of a fan-out do not count.</summary>
    public const int MaxSteps = 500;

    /// <summary>The largest definition, in bytes of its JSON. Every instance keeps its own beside its state, in one row of a table.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Most items of a fan-out.</summary>
    public const int MaxItems = 100_000;

    /// <summary>Most items of a fan-out that run at a time.</summary>
    public const int MaxParallel = 256;

    /// <summary>Items of a fan-out that run at a time when nothing is said.</summary>
    public const int DefaultParallel = 10;

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>What the instance returns: a template over <c>input</c> and <c>steps</c>; null for nothing.</summary>
    public string? Output { get; init; }
}
