namespace JobPipeline.Maintenance;

/// <summary>What a run of the housekeeping did.</summary>
/// <param name="Rescue">Instances that are gone, and what was done about their jobs. Null: it failed.</param>
/// <param name="Overdue">Null: it was not due, another instance is at it, or it failed.</param>
/// <param name="Retention">Null: it was not due, another instance is at it, or it failed.</param>
public sealed record HousekeepingReport(RescueReport? Rescue, OverdueReport? Overdue, RetentionReport? Retention)
{
    /// <summary>True when the next run should follow at once.</summary>
    public bool HasMore => Retention is { HasMore: true } || Overdue is { HasMore: true };
}

/// <param name="Lost">Instances that fell silent, settled in this run.</param>
/// <param name="Resent">Jobs whose message was sent again.</param>
/// <param name="Waiting">Jobs whose lease has yet to run out: looked at again next time.</param>
/// <param name="Forgotten">Rows of instances long gone that were removed.</param>
public sealed record RescueReport(int Lost, int Resent, int Waiting, int Forgotten);

/// <param name="Open">Jobs that have not ended, as far as they were looked at.</param>
/// <param name="Suspected">Those that look overdue: they are looked at a second time.</param>
/// <param name="Resent">Those that still did, whose message was sent again.</param>
/// <param name="HasMore">True when the run ended before the work did: run again soon.</param>
public sealed record OverdueReport(int Open, int Suspected, int Resent, bool HasMore);

/// <param name="Removed">How many of each kind.</param>
/// <param name="HasMore">True when the run ended before the work did: run again soon.</param>
public sealed record RetentionReport(IReadOnlyDictionary<string, int> Removed, bool HasMore);
