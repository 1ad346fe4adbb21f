using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>The number of dead letters by the outcome of their replay; the result of a bulk replay.</summary>
internal sealed record BulkReplayTally
{
    private const int MaxRefusals = 20;
    private const int MaxWhyLength = 200;

    /// <summary>Dead letters replayed as new jobs.</summary>
    public long Replayed { get; init; }

    /// <summary>Dead letters already replayed by another request.</summary>
    public long AlreadyReplayed { get; init; }

    /// <summary>Dead letters being replayed by another request.</summary>
    public long BeingReplayed { get; init; }

    /// <summary>Dead letters that can't run unless they are edited.</summary>
    public long Refused { get; init; }

    /// <summary>Dead letters removed meanwhile.</summary>
    public long Gone { get; init; }

    /// <summary>The first refused dead letters, with the reason.</summary>
    public IReadOnlyList<BulkReplayRefusal> Refusals { get; init; } = [];

    public BulkReplayTally With(JobId deadLetter, ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Replayed => this with { Replayed = Replayed + 1 },
        ReplayOutcome.AlreadyReplayed => this with { AlreadyReplayed = AlreadyReplayed + 1 },
        ReplayOutcome.BeingReplayed => this with { BeingReplayed = BeingReplayed + 1 },
        ReplayOutcome.NotFound => this with { Gone = Gone + 1 },
        ReplayOutcome.Refused refused => this with
        {
            Refused = Refused + 1,
            Refusals = Refusals.Count < MaxRefusals ? [.. Refusals, new(deadLetter, Cut(string.Join("; ", refused.Errors)))] : Refusals,
        },
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is not a known replay outcome."),
    };

    private static string Cut(string why)
    {
        if (why.Length <= MaxWhyLength)
            return why;
        return why[..(char.IsHighSurrogate(why[MaxWhyLength - 1]) ? MaxWhyLength - 1 : MaxWhyLength)];
    }
}

/// <summary>A dead letter that a bulk replay could not replay.</summary>
/// <param name="Id">The dead letter.</param>
/// <param name="Why">The validation errors.</param>
internal sealed record BulkReplayRefusal(JobId Id, string Why);

/// <summary>The checkpoint of a bulk replay.</summary>
/// <param name="Cursor">Everything before it is done; null at the beginning.</param>
/// <param name="Total">The number of dead letters not replayed when the job started; null if there were more than are counted.</param>
/// <param name="Tally">The outcomes of those that are done.</param>
internal sealed record BulkReplayCheckpoint(JobId? Cursor, long? Total, BulkReplayTally Tally);
