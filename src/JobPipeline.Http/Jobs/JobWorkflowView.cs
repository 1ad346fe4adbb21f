using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>Which attempt of a workflow's step a job is.</summary>
/// <param name="Instance">The workflow's instance.</param>
/// <param name="Step">The step.</param>
/// <param name="Item">The place in the fan-out's list; null outside of one.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="IsCompensation">True: it undoes the step.</param>
public sealed record JobWorkflowView(string Instance, string Step, int? Item, int Attempt, bool IsCompensation)
{
    internal static JobWorkflowView Of(WorkflowOrigin origin) => new(origin.Instance, origin.Run.Step, origin.Run.Item, origin.Run.Attempt, origin.Run.IsCompensation);
}
