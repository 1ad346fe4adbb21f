using JobPipeline.Handlers;
using JobPipeline.Http.Pausing;

namespace JobPipeline.Http.JobTypes;

/// <summary>A job type as the API shows it, with the policies in force.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Queue">The lane its jobs go to unless they ask for another.</param>
/// <param name="MaxAttempts">Attempts before a job becomes a dead letter.</param>
/// <param name="Timeout">Time limit of one attempt.</param>
/// <param name="BackoffBase">Upper bound of the first backoff; it doubles with each attempt.</param>
/// <param name="BackoffCap">Upper bound of every backoff.</param>
/// <param name="ExpectedDuration">How long its jobs are expected to take, where that is declared.</param>
/// <param name="MayTravelPacked">True when many may travel in one message.</param>
/// <param name="Paused">Absent: not paused.</param>
public sealed record JobTypeView(
    string Type,
    string Queue,
    int MaxAttempts,
    TimeSpan Timeout,
    TimeSpan BackoffBase,
    TimeSpan BackoffCap,
    TimeSpan? ExpectedDuration,
    bool MayTravelPacked,
    PauseView? Paused)
{
    internal static JobTypeView Of(JobDescriptor type, PauseView? paused) => new(
        type.Type, type.Queue, type.MaxAttempts, type.Timeout, type.Backoff.Base, type.Backoff.Cap, type.ExpectedDuration, type.MayTravelPacked, paused);
}

/// <summary>All registered job types, by name.</summary>
public sealed record JobTypeListView(IReadOnlyList<JobTypeView> JobTypes);
