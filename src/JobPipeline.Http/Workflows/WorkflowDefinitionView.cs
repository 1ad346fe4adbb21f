using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Http.Workflows;

/// <summary>A workflow that can be started by name.</summary>
/// <param name="Name">The name of the workflow.</param>
/// <param name="Version">The newest version.</param>
/// <param name="Description">The definition's description.</param>
/// <param name="Steps">The number of steps.</param>
internal sealed record WorkflowDefinitionView(string Name, int Version, string? Description, int Steps)
{
    internal static WorkflowDefinitionView Of(WorkflowDefinition definition) =>
        new(definition.Name, definition.Version, definition.Description, definition.Steps.Count);
}

/// <summary>All workflows that can be started by name, in order of their names.</summary>
internal sealed record WorkflowDefinitionListView(IReadOnlyList<WorkflowDefinitionView> Workflows);
