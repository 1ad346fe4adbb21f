namespace JobPipeline.Maintenance;

/// <summary>A stretch of job ids, and how far a sweep through what belongs to them has come.</summary>
/// <param name="From">Where the stretch begins: the start of a day or an hour, by UTC. How long it is, the sweep knows.</param>
/// <param name="Kind">What is swept, in one word that stays.</param>
/// <param name="Position">Where the next step goes on; null to begin.</param>
/// <param name="LookAgainAt">When the first of what has been seen so far is to be looked at again.</param>
/// <param name="ActedAt">When the sweep last did something here that takes its time to show.</param>
public sealed record SweepPlace(DateTimeOffset From, string Kind, string? Position = null, DateTimeOffset? LookAgainAt = null, DateTimeOffset? ActedAt = null);

/// <summary>How far a sweep has come; one row for all instances.</summary>
public sealed record SweepWatermark
{
    /// <summary>The place in hand: all before it are through, but for what the ledger lists.</summary>
    public required SweepPlace Place { get; init; }

    /// <summary>The next slice of what the sweep does slice by slice, beside its places.</summary>
    public int Slice { get; init; }

    /// <summary>No run before then.</summary>
    public DateTimeOffset NextRunAt { get; init; }

    /// <summary>An instance is at it until then, at the latest.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The stored row's version; null before it was stored.</summary>
    public string? Version { get; init; }
}

/// <summary>A place to come back to.</summary>
public sealed record SweepLeftover(SweepPlace Place, DateTimeOffset DueAt);

/// <summary>Keeps how far one sweep has come. Each sweep has a ledger of its own, registered under the sweep's name.</summary>
public interface ISweepLedger
{
    /// <summary>Null before the first run.</summary>
    Task<SweepWatermark?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Inserts it, or replaces the version that was read, and returns the new version. Null: somebody was faster.</summary>
    Task<string?> TryWriteAsync(SweepWatermark watermark, CancellationToken cancellationToken);

    /// <summary>Writes or overwrites the row of this stretch, kind and due time.</summary>
    Task PutLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Nothing happens when it is gone.</summary>
    Task RemoveLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Those that are due, the earliest first.</summary>
    Task<IReadOnlyList<SweepLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken);
}
