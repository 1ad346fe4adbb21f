namespace JobPipeline.Jobs;

/// <summary>Stores the records and attempts of jobs.</summary>
public interface IJobStore
{
    /// <summary>Reads all rows of a job; returns <see cref="JobSnapshot.None"/> when there are none.</summary>
    Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the transition atomically. After an exception the transition may or may not have been applied; the caller has to
    /// read the rows again.
    /// </summary>
    Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken);
}
