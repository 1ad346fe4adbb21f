using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Decides whether a job is overdue. An existing message is somewhere behind the head of its queue, so a job that was due long before
/// the head, and has not changed since, has no message. Pure.
/// </summary>
internal static class OverdueDecision
{
    /// <summary>Returns the attempt whose message has to be re-sent; null if there is none.</summary>
    /// <param name="rows">The job's rows.</param>
    /// <param name="queueHead">Since when the next job of the queue has been waiting; the current time if none waits.</param>
    /// <param name="waits">Whether something prevents it from starting: a pause or a limit.</param>
    /// <param name="margin">How long before the head it must have been due.</param>
    public static int? For(JobSnapshot rows, DateTimeOffset queueHead, bool waits, TimeSpan margin)
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
        return dueAt + margin < queueHead ? attempt : null;
    }

    /// <summary>Returns false if <see cref="For"/> would return null whatever the attempt rows contain.</summary>
    public static bool MayBe(JobSummary job, DateTimeOffset queueHead, TimeSpan margin) =>
        DueAt(job.Since, job.DueAt) + margin < queueHead;

    /// <summary>
    /// Returns when to check an open job again: after it became due, then at intervals that grow with its age, so that a long wait
    /// costs little.
    /// </summary>
    public static DateTimeOffset LookAgainAt(JobSummary job, DateTimeOffset now, TimeSpan interval, TimeSpan margin)
    {
        var dueAt = DueAt(job.Since, job.DueAt);
        return dueAt > now ? Later(dueAt + margin, now + interval) : Later(now + ((now - dueAt) / AgeShare), now + interval);
    }

    private const int AgeShare = 8;

    /// <summary>The time of the last state change also proves that the job was processed then.</summary>
    private static DateTimeOffset DueAt(DateTimeOffset since, DateTimeOffset? dueAt) => dueAt is { } due ? Later(due, since) : since;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
