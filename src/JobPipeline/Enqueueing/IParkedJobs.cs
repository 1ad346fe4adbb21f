using JobPipeline.Jobs;

namespace JobPipeline.Enqueueing;

/// <summary>Jobs for whose messages rows stand while they wait.</summary>
internal interface IParkedJobs
{
    /// <summary>
    /// Sends the message of a job that has ended, if a row stands for it, so that what follows its end is done now instead of when its turn
    /// comes. Never throws: the turn does it in any case.
    /// </summary>
    Task WakeAsync(JobId ended, string queue, JobSpec spec);
}
