namespace JobPipeline.Jobs;

/// <summary>The step attempt that a job or a child workflow belongs to.</summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Run">The step attempt.</param>
public sealed record WorkflowOrigin(string Instance, StepRun Run);
