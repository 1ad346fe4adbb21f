namespace JobPipeline.Jobs;

/// <summary>All rows of one job, read together.</summary>
/// <param name="Record">The job's record; null when only attempt rows were found, which no transition of ours leaves behind.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
public sealed record JobSnapshot(JobRecord? Record, IReadOnlyList<Attempt> Attempts)
{
    /// <summary>What is read of a job that nobody knows.</summary>
    public static JobSnapshot None { get; } = new(null, []);

    /// <summary>The newest attempt, if any.</summary>
    public Attempt? Current => Attempts.Count > 0 ? Attempts[^1] : null;
}
