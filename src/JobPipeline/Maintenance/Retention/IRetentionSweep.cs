namespace JobPipeline.Maintenance.Retention;

/// <summary>
/// Removes what is over its retention of one kind of thing that is kept by day (the day in the job's id). Only what is
/// over, by <see cref="RetentionRules"/>, and unchanged since it was looked at goes: any number of instances may sweep the
/// same day at the same time, again and again.
/// </summary>
public interface IRetentionSweep
{
    /// <summary>What it removes, in one word that stays: positions are kept under it.</summary>
    string Kind { get; }

    /// <summary>The turn it takes within a day, the lowest first.</summary>
    int Order { get; }

    /// <summary>The first day of which there is anything; null when there is nothing, or no cheap way to tell.</summary>
    Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken);

    /// <summary>One step through the day.</summary>
    /// <param name="day">The day, by UTC.</param>
    /// <param name="position">Where the step before ended; null to begin.</param>
    /// <param name="step">The bounds of the step.</param>
    /// <param name="cancellationToken">Gives up; what was removed stays removed.</param>
    Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken);
}

/// <param name="Now">The present.</param>
/// <param name="Over">What ended before this moment is over its retention.</param>
/// <param name="Size">Most things to look at.</param>
public sealed record SweepStep(DateTimeOffset Now, DateTimeOffset Over, int Size)
{
    /// <summary>How long what ends is kept.</summary>
    public TimeSpan Retention => Now - Over;
}

/// <param name="Removed">How many things went.</param>
/// <param name="Position">Where the next step goes on; null when the day is through.</param>
/// <param name="LookAgainAt">When the first of what had to stay may be over; null when nothing had to.</param>
public sealed record SweepResult(int Removed, string? Position = null, DateTimeOffset? LookAgainAt = null);
