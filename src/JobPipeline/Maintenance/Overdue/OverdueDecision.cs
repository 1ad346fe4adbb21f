using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Judges whether a job should have been seen by now. A message that is alive is somewhere behind the head of its lane; a job
/// that was due long before the head, and still is where it was, has none. Pure.
/// </summary>
internal static class OverdueDecision
{
    /// <summary>The attempt whose message is to be sent again; null: none.</summary>
    /// <param name="rows">The job's rows.</param>
    /// <param name="laneHead">Since when the next job of the lane waits; the present when none does.</param>
    /// <param name="waits">Something keeps it from being started: a pause, a limit.</param>
    /// <param name="margin">How long before the head it must have been due.</param>
    public static int? For(JobSnapshot rows, DateTimeOffset laneHead, bool waits, TimeSpan margin)
    {
        if (waits || rows.Record is not { Status: var status } || status.State.IsTerminal())
            return null;
        var (attempt, dueAt) = rows.Current switch
        {
            null => (1, DueAt(status.Since, status.DueAt)),
            { State: AttemptState.Failed } failed => (failed.Number + 1, DueAt(status.Since, status.DueAt)),
            { State: AttemptState.Released } released => (released.Number, DueAt(status.Since, released.LeaseUntil)),
            var held => (held.Number, held.LeaseUntil),
        };
        return dueAt + margin < laneHead ? attempt : null;
    }

    /// <summary>False: <see cref="For"/> would find nothing, whatever the rows of its attempts say.</summary>
    public static bool MayBe(JobSummary job, DateTimeOffset laneHead, TimeSpan margin) => DueAt(job.Since, job.DueAt) + margin < laneHead;

    /// <summary>
    /// When to look at an open job again: after it became due, then at intervals that grow with its age, so that what waits
    /// for long costs little.
    /// </summary>
    public static DateTimeOffset LookAgainAt(JobSummary job, DateTimeOffset now, TimeSpan interval, TimeSpan margin)
    {
        var dueAt = DueAt(job.Since, job.DueAt);
        return dueAt > now ? Later(dueAt + margin, now + interval) : Later(now + ((now - dueAt) / AgeShare), now + interval);
    }

    private const int AgeShare = 8;

    /// <summary>A record that says since when also says that the job was seen then.</summary>
    private static DateTimeOffset DueAt(DateTimeOffset since, DateTimeOffset? dueAt) => dueAt is { } due ? Later(due, since) : since;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
