using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The answer to a submission.</summary>
/// <param name="Id">The job; for a duplicate the one that holds the key.</param>
/// <param name="Location">Where to look at it.</param>
/// <param name="IsDuplicate">True when the idempotency key was held and no new job was made.</param>
public sealed record SubmittedJob(JobId Id, string Location, bool IsDuplicate);
