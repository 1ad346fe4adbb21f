using JobPipeline.Jobs;

namespace JobPipeline.Instances;

/// <summary>A job that an instance has claimed and not yet settled.</summary>
public sealed record InFlightJob(JobId Job, int Attempt, string Lane);
