using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>The outcome of a replay request: a closed set.</summary>
internal abstract record ReplayOutcome
{
    private ReplayOutcome()
    {
    }

    /// <summary>The new job is enqueued and recorded.</summary>
    public sealed record Replayed(JobId Job) : ReplayOutcome;

    /// <summary>It was replayed before, and the request does not force another replay.</summary>
    public sealed record AlreadyReplayed(Replay Replay) : ReplayOutcome;

    /// <summary>Another request is replaying it. If that did not finish, a request from <paramref name="Until"/> on completes it.</summary>
    public sealed record BeingReplayed(Replay Replay, DateTimeOffset Until) : ReplayOutcome;

    /// <summary>The job could not run as requested.</summary>
    /// <param name="Errors">All validation errors, by <c>type</c> and <c>payload</c>.</param>
    public sealed record Refused(IReadOnlyList<ValidationError> Errors) : ReplayOutcome;

    /// <summary>The dead letter does not exist.</summary>
    public sealed record NotFound : ReplayOutcome;
}
