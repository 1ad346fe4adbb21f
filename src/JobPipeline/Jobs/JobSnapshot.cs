namespace JobPipeline.Jobs;

/// <summary>All rows of a job, read together.</summary>
/// <param name="Record">
/// The job's record; null when only attempt rows were found, which no transition of the pipeline leaves behind.
/// </param>
/// <param name="Attempts">The attempts, oldest first.</param>
public sealed record JobSnapshot(JobRecord? Record, IReadOnlyList<Attempt> Attempts)
{
    /// <summary>The snapshot of an unknown job.</summary>
    public static JobSnapshot None { get; } = new(null, []);

    /// <summary>The newest attempt, if any.</summary>
    public Attempt? Current => Attempts.Count > 0 ? Attempts[^1] : null;
}
