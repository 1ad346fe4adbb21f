namespace JobPipeline.Handlers;

/// <summary>
/// Runs one job type. A handler runs at least once: an attempt that was cut off runs again, so key what it does to the
/// outside by <see cref="JobContext.JobId"/>. It should stop soon after the token is cancelled; one that does not is abandoned.
/// </summary>
public interface IJobHandler<in TPayload>
{
    Task<JobOutcome> HandleAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}

/// <summary>Runs one job type that returns a result. See <see cref="IJobHandler{TPayload}"/>.</summary>
public interface IJobHandler<in TPayload, TResult>
{
    Task<JobOutcome<TResult>> HandleAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}
