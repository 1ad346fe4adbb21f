using JobPipeline.Handlers;
using JobPipeline.Http.Limits;
using JobPipeline.Jobs;

namespace JobPipeline.Http.JobTypes;

/// <summary>A job type as the API shows it, with the policies in force.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Queue">The lane its jobs go to unless they ask for another.</param>
/// <param name="MaxAttempts">Attempts before a job becomes a dead letter.</param>
/// <param name="Timeout">Time limit of one attempt.</param>
/// <param name="Backoff">How the wait before the next attempt follows from the number of failures.</param>
/// <param name="BackoffBase">The wait that the others are made of, or the upper bound of the first one.</param>
/// <param name="BackoffCap">Upper bound of every wait.</param>
/// <param name="BackoffDelays">The waits of a listed backoff; absent otherwise.</param>
/// <param name="Circuit">The circuit that its failures open; absent: none.</param>
/// <param name="OnDeadLetter">The type of the job that is told of its dead letters; absent: none.</param>
/// <param name="TargetDuration">How long a run should take at most, where that is declared.</param>
/// <param name="ExpectedDuration">How long its jobs are expected to take, where that is declared.</param>
/// <param name="MayTravelPacked">True when many may travel in one message.</param>
/// <param name="Paused">Absent: not paused.</param>
public sealed record JobTypeView(
    string Type,
    string Queue,
    int MaxAttempts,
    TimeSpan Timeout,
    BackoffKind Backoff,
    TimeSpan BackoffBase,
    TimeSpan BackoffCap,
    IReadOnlyList<TimeSpan>? BackoffDelays,
    string? Circuit,
    string? OnDeadLetter,
    TimeSpan? TargetDuration,
    TimeSpan? ExpectedDuration,
    bool MayTravelPacked,
    PauseView? Paused)
{
    internal static JobTypeView Of(JobDescriptor type, PauseView? paused) => new(
        type.Type,
        type.Queue,
        type.MaxAttempts,
        type.Timeout,
        type.Backoff.Kind,
        type.Backoff.Base,
        type.Backoff.Cap,
        type.Backoff.Kind == BackoffKind.Listed ? type.Backoff.Delays : null,
        type.Circuit,
        type.OnDeadLetter,
        type.TargetDuration,
        type.ExpectedDuration,
        type.MayTravelPacked,
        paused);
}

/// <summary>All registered job types, by name.</summary>
public sealed record JobTypeListView(IReadOnlyList<JobTypeView> JobTypes);
