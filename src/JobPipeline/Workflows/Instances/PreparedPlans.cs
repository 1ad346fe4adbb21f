using System.Runtime.CompilerServices;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>Plans of the definitions that are in use: made once, not once an event, because that takes longer the more steps there are.</summary>
internal static class PreparedPlans
{
    private static readonly ConditionalWeakTable<WorkflowDefinition, WorkflowPlan> Plans = [];

    public static WorkflowPlan Of(WorkflowDefinition definition) => Plans.GetValue(definition, known => new WorkflowPlan(known));
}
