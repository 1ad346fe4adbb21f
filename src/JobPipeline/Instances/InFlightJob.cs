using JobPipeline.Jobs;

namespace JobPipeline.Instances;

/// <summary>A job that an instance has claimed and not settled yet.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Queue">The queue it came from.</param>
internal sealed record InFlightJob(JobId Job, int Attempt, string Queue);
