using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The response to a submission.</summary>
/// <param name="Id">The id of the job; for a duplicate, of the existing job with the same key.</param>
/// <param name="Location">The path of the job.</param>
/// <param name="IsDuplicate">Whether a job with the same idempotency key already existed, so that no new job was created.</param>
internal sealed record SubmittedJob(JobId Id, string Location, bool IsDuplicate);
