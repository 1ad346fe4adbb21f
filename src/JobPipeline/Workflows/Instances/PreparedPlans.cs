using System.Runtime.CompilerServices;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Caches the plans of the definitions in use, because preparing a plan for each event would take longer the more steps there
/// are.
/// </summary>
internal static class PreparedPlans
{
    private static readonly ConditionalWeakTable<WorkflowDefinition, WorkflowPlan> Plans = [];

    public static WorkflowPlan Of(WorkflowDefinition definition) => Plans.GetValue(definition, known => new WorkflowPlan(known));
}
