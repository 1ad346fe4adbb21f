using JobPipeline.Handlers;
using JobPipeline.Http.Limits;
using JobPipeline.Jobs;

namespace JobPipeline.Http.JobTypes;

/// <summary>The API representation of a job type, with its policies in force.</summary>
/// <param name="Type">The name of the job type.</param>
/// <param name="Queue">The queue of its jobs, unless a job specifies another.</param>
/// <param name="MaxAttempts">The number of attempts after which a job becomes a dead letter.</param>
/// <param name="Timeout">The time limit of one attempt.</param>
/// <param name="Backoff">How the delay before a retry depends on the number of failures.</param>
/// <param name="BackoffBase">The base of the delays, or the upper bound of the first one.</param>
/// <param name="BackoffCap">The upper bound of every delay.</param>
/// <param name="BackoffDelays">The delays of a listed backoff; absent otherwise.</param>
/// <param name="Circuit">The circuit that its failures open; absent if there is none.</param>
/// <param name="Limits">The limits that its jobs pass before they start, if any.</param>
/// <param name="Concurrency">The maximum number of its jobs that run at the same time, if any.</param>
/// <param name="OnDeadLetter">The type of the job that is enqueued for each of its dead letters; absent if there is none.</param>
/// <param name="TargetDuration">The longest duration a run should have, if declared.</param>
/// <param name="ExpectedDuration">The expected duration of its jobs, if declared.</param>
/// <param name="Memory">The memory that one run needs at most, if declared.</param>
/// <param name="MayTravelPacked">Whether several of its jobs may share a packed message.</param>
/// <param name="Paused">The pause; absent if the job type is not paused.</param>
internal sealed record JobTypeView(
    string Type,
    string Queue,
    int MaxAttempts,
    TimeSpan Timeout,
    BackoffKind Backoff,
    TimeSpan BackoffBase,
    TimeSpan BackoffCap,
    IReadOnlyList<TimeSpan>? BackoffDelays,
    string? Circuit,
    IReadOnlyList<string>? Limits,
    int? Concurrency,
    string? OnDeadLetter,
    TimeSpan? TargetDuration,
    TimeSpan? ExpectedDuration,
    string? Memory,
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
        type.Limits.Count > 0 ? type.Limits : null,
        type.Concurrency,
        type.OnDeadLetter,
        type.TargetDuration,
        type.ExpectedDuration,
        type.Memory?.ToString(),
        type.MayTravelPacked,
        paused);
}

/// <summary>All registered job types, in order of their names.</summary>
internal sealed record JobTypeListView(IReadOnlyList<JobTypeView> JobTypes);
