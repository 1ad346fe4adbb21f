using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The step attempt of a workflow instance that a job runs.</summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Step">The id of the step.</param>
/// <param name="Item">The index of the fan-out item; null outside a fan-out.</param>
/// <param name="Attempt">The attempt number, from 1.</param>
/// <param name="IsCompensation">Whether the job compensates the step.</param>
internal sealed record JobWorkflowView(string Instance, string Step, int? Item, int Attempt, bool IsCompensation)
{
    internal static JobWorkflowView Of(WorkflowOrigin origin) =>
        new(origin.Instance, origin.Run.Step, origin.Run.Item, origin.Run.Attempt, origin.Run.IsCompensation);
}
