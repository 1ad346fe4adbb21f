using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.Limits;

/// <summary>A job that asks to start.</summary>
/// <param name="Job">The job.</param>
/// <param name="Queue">The queue that it waits in.</param>
/// <param name="Spec">The job as its message describes it.</param>
/// <param name="Descriptor">The policies of its type; null when this instance has no handler for the type.</param>
/// <param name="WillRun">
/// False when no handler will start whatever the gates say: the claim ends the job, because it has expired or its payload does not
/// fit. Such a job takes no permit.
/// </param>
internal readonly record struct StartRequest(JobId Job, string Queue, JobSpec Spec, JobDescriptor? Descriptor, bool WillRun);
