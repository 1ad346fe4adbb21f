using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

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
internal readonly record struct StartRequest(JobId Job, string Queue, JobSpec Spec, JobDescriptor? Descriptor, bool WillRun)
{
    /// <summary>The number of the attempt that asks.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The gates at which capacity is reserved for the job, as its message says; null for none.</summary>
    public ReadyMark? Ready { get; init; }

    /// <summary>Whether the job may have been delivered before, so that it may have started, ended, or be parked.</summary>
    public bool IsRedelivery { get; init; }

    /// <summary>Whether the job starts whatever limits and pauses say.</summary>
    public bool IsExpedited { get; init; }

    /// <summary>Whether a row may stand for the job's message. False where there is none: a row then only keeps its place.</summary>
    public bool MayPark { get; init; }
}
