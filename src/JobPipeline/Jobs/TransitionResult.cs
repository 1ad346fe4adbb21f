namespace JobPipeline.Jobs;

/// <summary>Whether a conditional write took place.</summary>
/// <param name="Applied">False: a condition did not hold and nothing was written.</param>
/// <param name="AttemptVersion">The attempt row's new version, when one was written.</param>
public readonly record struct TransitionResult(bool Applied, string? AttemptVersion = null)
{
    public static TransitionResult Conflict => default;
}
