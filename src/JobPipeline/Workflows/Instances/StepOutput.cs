namespace JobPipeline.Workflows.Instances;

/// <summary>The output of a step attempt.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Rank">The rank of the attempt; higher for a later attempt.</param>
/// <param name="Value">The value in UTF-8 JSON.</param>
internal sealed record StepOutput(WorkflowDataName Name, long Rank, ReadOnlyMemory<byte> Value);
