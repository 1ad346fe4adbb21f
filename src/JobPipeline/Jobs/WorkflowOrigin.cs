namespace JobPipeline.Jobs;

/// <summary>The attempt of a workflow's step that a job, or a child, is.</summary>
/// <param name="Instance">The workflow's instance.</param>
/// <param name="Run">The attempt.</param>
public sealed record WorkflowOrigin(string Instance, StepRun Run);
