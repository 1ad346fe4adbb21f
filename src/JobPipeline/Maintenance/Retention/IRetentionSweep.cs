namespace JobPipeline.Maintenance.Retention;

/// <summary>
/// Removes items of one kind that are past their retention. The items are stored by day (the day in the job's id). Only items that
/// are past their retention by <see cref="RetentionRules"/>, and unchanged since they were read, are removed, so any number of
/// instances may sweep the same day at the same time, repeatedly.
/// </summary>
internal interface IRetentionSweep
{
    /// <summary>The kind of item it removes: a stable identifier, under which positions are stored.</summary>
    string Kind { get; }

    /// <summary>The order of the sweeps within a day, lowest first.</summary>
    int Order { get; }

    /// <summary>Returns the first day with items; null if there are none, or if finding out would be expensive.</summary>
    Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken);

    /// <summary>Performs one step through the day.</summary>
    /// <param name="day">The day, in UTC.</param>
    /// <param name="position">Where the previous step ended; null for the first step.</param>
    /// <param name="step">The limits of the step.</param>
    /// <param name="cancellationToken">Cancels the step; removed items stay removed.</param>
    Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken);
}

/// <summary>The limits of one step of a sweep.</summary>
/// <param name="Now">The current time.</param>
/// <param name="Over">Items that ended before this time are past their retention.</param>
/// <param name="Size">The maximum number of items to check.</param>
internal sealed record SweepStep(DateTimeOffset Now, DateTimeOffset Over, int Size)
{
    /// <summary>The retention of ended items.</summary>
    public TimeSpan Retention => Now - Over;
}

/// <summary>The result of one step of a sweep.</summary>
/// <param name="Removed">The number of removed items.</param>
/// <param name="Position">Where the next step continues; null when the day is done.</param>
/// <param name="LookAgainAt">When the first of the remaining items may be past its retention; null if no items remain.</param>
internal sealed record SweepResult(int Removed, string? Position = null, DateTimeOffset? LookAgainAt = null);
