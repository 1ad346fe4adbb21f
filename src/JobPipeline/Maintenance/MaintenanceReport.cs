namespace JobPipeline.Maintenance;

/// <summary>The result of a maintenance run.</summary>
/// <param name="Rescue">The result of the rescue; null if it failed.</param>
/// <param name="Overdue">The result of the overdue sweep; null if it was not due, is running on another instance, or failed.</param>
/// <param name="Retention">The result of the retention; null if it was not due, is running on another instance, or failed.</param>
internal sealed record MaintenanceReport(RescueReport? Rescue, OverdueReport? Overdue, RetentionReport? Retention)
{
    /// <summary>Whether the next run should follow at once.</summary>
    public bool HasMore => Retention is { HasMore: true } || Overdue is { HasMore: true };
}

/// <summary>The result of a rescue.</summary>
/// <param name="Lost">The number of lost instances whose jobs are all handled.</param>
/// <param name="Resent">The number of jobs whose message was re-sent.</param>
/// <param name="Waiting">The number of jobs whose lease has not expired yet; the next run checks them again.</param>
/// <param name="Forgotten">The number of removed rows of instances that have long been gone.</param>
internal sealed record RescueReport(int Lost, int Resent, int Waiting, int Forgotten);

/// <summary>The result of an overdue sweep.</summary>
/// <param name="Open">The number of checked jobs that have not ended.</param>
/// <param name="Suspected">The number of jobs that may be overdue; they are checked a second time.</param>
/// <param name="Resent">The number of jobs confirmed as overdue, whose message was re-sent.</param>
/// <param name="HasMore">Whether work is left; the next run should follow soon.</param>
internal sealed record OverdueReport(int Open, int Suspected, int Resent, bool HasMore);

/// <summary>The result of a retention run.</summary>
/// <param name="Removed">The number of removed items by kind.</param>
/// <param name="HasMore">Whether work is left; the next run should follow soon.</param>
internal sealed record RetentionReport(IReadOnlyDictionary<string, int> Removed, bool HasMore);
