using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Http.Workflows;

/// <summary>A workflow that can be started by its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The newest version.</param>
/// <param name="Description">For people.</param>
/// <param name="Steps">How many steps it has.</param>
public sealed record WorkflowDefinitionView(string Name, int Version, string? Description, int Steps)
{
    internal static WorkflowDefinitionView Of(WorkflowDefinition definition) => new(definition.Name, definition.Version, definition.Description, definition.Steps.Count);
}

/// <summary>All of them, by name.</summary>
public sealed record WorkflowDefinitionListView(IReadOnlyList<WorkflowDefinitionView> Workflows);
