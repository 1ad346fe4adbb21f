using JobPipeline.Instances;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>
/// Decides what an instance does with a due job whose type it has no handler for. A pure function; its table is in
/// docs/job-states.md.
/// </summary>
internal abstract record UnknownTypeDecision
{
    /// <summary>The shortest wait before the job is delivered again.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest wait, before jitter, while an instance has a handler: how often the job is delivered to others before that one
    /// gets it depends on their number alone, so a longer wait would save nothing.
    /// </summary>
    public static readonly TimeSpan LongestWaitWhileKnown = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait, before jitter.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The wait as a share of the time that the job has waited so far.</summary>
    private const int ShareOfAge = 4;

    /// <summary>Jitter adds at most this share of the wait.</summary>
    private const double JitterShare = 0.25;

    private UnknownTypeDecision()
    {
    }

    /// <summary>Another instance has a handler, or may soon have one: put the message back.</summary>
    /// <param name="Until">When the message may be delivered again.</param>
    /// <param name="IsKnown">A living instance has a handler, or may have one.</param>
    /// <param name="GivesUpAt">When it becomes a dead letter unless an instance with a handler starts; null while there is one.</param>
    public sealed record LeaveToOthers(DateTimeOffset Until, bool IsKnown, DateTimeOffset? GivesUpAt) : UnknownTypeDecision;

    /// <summary>No living instance has had a handler for the whole grace period: the job becomes a dead letter.</summary>
    public sealed record DeadLetter : UnknownTypeDecision;

    /// <param name="instances">Every instance on record, including the one that asks.</param>
    /// <param name="dueSince">When the job, or its next attempt, became due.</param>
    /// <param name="now">The current time.</param>
    /// <param name="grace">For how long instances must have run without a handler among them.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static UnknownTypeDecision For(
        IReadOnlyCollection<InstanceSpan> instances, DateTimeOffset dueSince, DateTimeOffset now, TimeSpan grace, double jitter)
    {
        var age = now - dueSince;
        if (instances.Any(instance => instance is { IsLiving: true, KnowsType: not false }))
            return new LeaveToOthers(now + WaitAfter(age, jitter, LongestWaitWhileKnown), IsKnown: true, GivesUpAt: null);
        var lastKnown = instances.Where(instance => instance.KnowsType == true).Select(instance => instance.SeenUntil);
        var watched = TimeWatched(instances, lastKnown.Append(dueSince).Max());
        if (watched >= grace)
            return new DeadLetter();
        var givesUpAt = now + (grace - watched);
        var until = now + WaitAfter(age, jitter, LongestWait);
        return new LeaveToOthers(until < givesUpAt ? until : givesUpAt, IsKnown: false, givesUpAt);
    }

    /// <summary>A quarter of the time waited so far, from 1 second to the longest, and up to a quarter of that as jitter.</summary>
    public static TimeSpan WaitAfter(TimeSpan age, double jitter, TimeSpan longest)
    {
        var share = age / ShareOfAge;
        var wait = share < ShortestWait ? ShortestWait : share > longest ? longest : share;
        return wait * (1 + (JitterShare * jitter));
    }

    /// <summary>
    /// For how long any instance has run since <paramref name="from"/>. Time in which none ran does not count: after a night
    /// in which everything was off, the instance that starts first must not dead-letter the jobs of the one that starts second.
    /// </summary>
    private static TimeSpan TimeWatched(IEnumerable<InstanceSpan> instances, DateTimeOffset from)
    {
        var watched = TimeSpan.Zero;
        foreach (var instance in instances.OrderBy(instance => instance.StartedAt))
        {
            var begin = instance.StartedAt > from ? instance.StartedAt : from;
            if (instance.SeenUntil <= begin)
                continue;
            watched += instance.SeenUntil - begin;
            from = instance.SeenUntil;
        }

        return watched;
    }
}
