namespace JobPipeline.Jobs;

/// <summary>The result of a conditional write.</summary>
/// <param name="Applied">Whether the write was applied; false when a condition did not hold and nothing was written.</param>
/// <param name="AttemptVersion">The new version of the attempt row, when one was written.</param>
public readonly record struct TransitionResult(bool Applied, string? AttemptVersion = null)
{
    public static TransitionResult Conflict => default;
}
