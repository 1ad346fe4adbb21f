namespace JobPipeline.Maintenance;

/// <summary>A range of job ids, and how far a sweep has come within it.</summary>
/// <param name="From">The start of the range: the start of a day or an hour, in UTC. The sweep defines its length.</param>
/// <param name="Kind">What is swept: a stable identifier.</param>
/// <param name="Position">Where the next step continues; null for the first step.</param>
/// <param name="LookAgainAt">When the first of the items checked so far is due for another check.</param>
/// <param name="ActedAt">When the sweep last took an action here whose effect shows with a delay.</param>
internal sealed record SweepPlace(
    DateTimeOffset From,
    string Kind,
    string? Position = null,
    DateTimeOffset? LookAgainAt = null,
    DateTimeOffset? ActedAt = null);

/// <summary>How far a sweep has come; one row shared by all instances.</summary>
internal sealed record SweepWatermark
{
    /// <summary>The current place: all earlier places are done, except those listed in the ledger.</summary>
    public required SweepPlace Place { get; init; }

    /// <summary>The next slice, for the part of a sweep that goes by slices instead of places.</summary>
    public int Slice { get; init; }

    /// <summary>The earliest time of the next run.</summary>
    public DateTimeOffset NextRunAt { get; init; }

    /// <summary>When the hold of the instance that runs the sweep expires; null if no instance runs it.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The stored version; null before it is stored.</summary>
    public string? Version { get; init; }
}

/// <summary>A place that has to be checked again.</summary>
/// <param name="Place">The place.</param>
/// <param name="DueAt">When to check it again.</param>
internal sealed record SweepLeftover(SweepPlace Place, DateTimeOffset DueAt);

/// <summary>Stores how far one sweep has come. Each sweep has its own ledger, registered under the sweep's name.</summary>
internal interface ISweepLedger
{
    /// <summary>Reads the watermark. Returns null before the first run.</summary>
    Task<SweepWatermark?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the watermark, or replaces the version that was read, and returns the new version. Returns null if another instance
    /// wrote it first.
    /// </summary>
    Task<string?> TryWriteAsync(SweepWatermark watermark, CancellationToken cancellationToken);

    /// <summary>Inserts or overwrites the row with this range, kind and due time.</summary>
    Task PutLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Removes the row. Does nothing if it does not exist.</summary>
    Task RemoveLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Lists the rows that are due, earliest first.</summary>
    Task<IReadOnlyList<SweepLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken);
}
