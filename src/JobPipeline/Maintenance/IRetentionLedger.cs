namespace JobPipeline.Maintenance;

/// <summary>One kind of thing of one day, and how far a sweep through it has come.</summary>
/// <param name="Day">The day.</param>
/// <param name="Kind">The <see cref="IRetentionSweep.Kind"/>.</param>
/// <param name="Position">Where the next step goes on; null to begin.</param>
/// <param name="LookAgainAt">When the first of what had to stay so far may be over.</param>
public sealed record RetentionPlace(DateOnly Day, string Kind, string? Position = null, DateTimeOffset? LookAgainAt = null);

/// <summary>How far retention has come; one row for all instances.</summary>
public sealed record RetentionWatermark
{
    /// <summary>The place in hand: all before it are through, but for what the ledger lists.</summary>
    public required RetentionPlace Place { get; init; }

    /// <summary>The next slice of unique keys.</summary>
    public int KeySlice { get; init; }

    /// <summary>No run before then.</summary>
    public DateTimeOffset NextRunAt { get; init; }

    /// <summary>An instance is at it until then, at the latest.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The stored row's version; null before it was stored.</summary>
    public string? Version { get; init; }
}

/// <summary>A place to come back to, because something had to stay.</summary>
public sealed record RetentionLeftover(RetentionPlace Place, DateTimeOffset DueAt);

/// <summary>Keeps how far retention has come.</summary>
public interface IRetentionLedger
{
    /// <summary>Null before the first run.</summary>
    Task<RetentionWatermark?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Inserts it, or replaces the version that was read, and returns the new version. Null: somebody was faster.</summary>
    Task<string?> TryWriteAsync(RetentionWatermark watermark, CancellationToken cancellationToken);

    /// <summary>Writes or overwrites the row of this day, kind and due time.</summary>
    Task PutLeftoverAsync(RetentionLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Nothing happens when it is gone.</summary>
    Task RemoveLeftoverAsync(RetentionLeftover leftover, CancellationToken cancellationToken);

    /// <summary>Those that are due, the earliest first.</summary>
    Task<IReadOnlyList<RetentionLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken);
}
