using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>What became of a request to replay: a closed set.</summary>
public abstract record ReplayOutcome
{
    private ReplayOutcome()
    {
    }

    /// <summary>The new job is enqueued and on record.</summary>
    public sealed record Replayed(JobId Job) : ReplayOutcome;

    /// <summary>It was replayed before, and it was not asked to be once more.</summary>
    public sealed record AlreadyReplayed(Replay Replay) : ReplayOutcome;

    /// <summary>Somebody else is about to; where that came to nothing, a request from <paramref name="Until"/> on finishes it.</summary>
    public sealed record BeingReplayed(Replay Replay, DateTimeOffset Until) : ReplayOutcome;

    /// <summary>Nothing could run it as it is asked for.</summary>
    /// <param name="Faults">Everything that is wrong, by <c>type</c> and <c>payload</c>.</param>
    public sealed record Refused(IReadOnlyList<FieldFault> Faults) : ReplayOutcome;

    /// <summary>There is no such letter.</summary>
    public sealed record NotFound : ReplayOutcome;
}
