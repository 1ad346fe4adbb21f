namespace JobPipeline.Jobs;

/// <summary>Keeps the records and attempts of jobs.</summary>
public interface IJobStore
{
    /// <summary>All rows of a job; <see cref="JobSnapshot.None"/> when there are none.</summary>
    Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the transition whole or not at all. An exception leaves it open which of the two happened;
    /// the caller reads the rows again.
    /// </summary>
    Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken);
}
