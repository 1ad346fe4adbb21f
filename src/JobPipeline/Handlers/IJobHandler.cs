namespace JobPipeline.Handlers;

/// <summary>
/// Runs jobs of one type. A handler runs at least once: an interrupted attempt runs again, so make external effects idempotent,
/// keyed by <see cref="JobContext.JobId"/>. A handler should stop soon after the token is cancelled; one that does not is
/// abandoned.
/// </summary>
public interface IJobHandler<in TPayload>
{
    Task<JobOutcome> HandleAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}

/// <summary>Runs jobs of one type that return a result. See <see cref="IJobHandler{TPayload}"/>.</summary>
public interface IJobHandler<in TPayload, TResult>
{
    Task<JobOutcome<TResult>> HandleAsync(TPayload payload, JobContext context, CancellationToken cancellationToken);
}
