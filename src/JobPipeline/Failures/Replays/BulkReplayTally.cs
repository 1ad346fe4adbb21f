using JobPipeline.Jobs;

namespace JobPipeline.Failures.Replays;

/// <summary>What became of the letters that a bulk replay has gone through; at its end, its result.</summary>
internal sealed record BulkReplayTally
{
    private const int MaxRefusals = 20;
    private const int MaxWhyLength = 200;

    /// <summary>Letters that are new jobs.</summary>
    public long Replayed { get; init; }

    /// <summary>Letters that somebody else had replayed.</summary>
    public long AlreadyReplayed { get; init; }

    /// <summary>Letters that somebody else was about to replay.</summary>
    public long BeingReplayed { get; init; }

    /// <summary>Letters that nothing could run as they are: they have to be edited.</summary>
    public long Refused { get; init; }

    /// <summary>Letters that were removed meanwhile.</summary>
    public long Gone { get; init; }

    /// <summary>The first of those refused, and why.</summary>
    public IReadOnlyList<BulkReplayRefusal> Refusals { get; init; } = [];

    public BulkReplayTally With(JobId letter, ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Replayed => this with { Replayed = Replayed + 1 },
        ReplayOutcome.AlreadyReplayed => this with { AlreadyReplayed = AlreadyReplayed + 1 },
        ReplayOutcome.BeingReplayed => this with { BeingReplayed = BeingReplayed + 1 },
        ReplayOutcome.NotFound => this with { Gone = Gone + 1 },
        ReplayOutcome.Refused refused => this with
        {
            Refused = Refused + 1,
            Refusals = Refusals.Count < MaxRefusals ? [.. Refusals, new(letter, Cut(string.Join("; ", refused.Faults)))] : Refusals,
        },
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome of a replay."),
    };

    private static string Cut(string why) => why.Length <= MaxWhyLength ? why : why[..(char.IsHighSurrogate(why[MaxWhyLength - 1]) ? MaxWhyLength - 1 : MaxWhyLength)];
}

/// <summary>A letter that a bulk replay had to pass over.</summary>
internal sealed record BulkReplayRefusal(JobId Id, string Why);

/// <summary>How far a bulk replay has come: everything before the cursor is done.</summary>
/// <param name="Cursor">Null: at the beginning.</param>
/// <param name="Total">How many letters were not replayed when it began; null: more than were counted.</param>
/// <param name="Tally">What became of those that are done.</param>
internal sealed record BulkReplayCheckpoint(JobId? Cursor, long? Total, BulkReplayTally Tally);
