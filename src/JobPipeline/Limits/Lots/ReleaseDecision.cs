using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Lots;

/// <summary>What a release turn does: which jobs may start, and when the next turn is due. Pure.</summary>
/// <param name="Meter">The meter after the turn.</param>
internal sealed record ReleaseDecision(Meter Meter)
{
    /// <summary>The time that permits of a rate are planned ahead: messages are sent to arrive when their permit is due.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromSeconds(5);

    /// <summary>The longest time between two turns of a gate with a lot.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>The longest time between two turns of a gate that is closed.</summary>
    public static readonly TimeSpan ClosedPause = TimeSpan.FromHours(1);

    /// <summary>The time between two turns while a queue or a type is paused whose jobs wait here.</summary>
    public static readonly TimeSpan HeldPause = TimeSpan.FromSeconds(10);

    /// <summary>The time until the next turn when as many jobs as may be are granted and have not started.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(1);

    /// <summary>The delay before the message of a granted job that has not started is sent again; it doubles.</summary>
    public static readonly TimeSpan FirstResend = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest delay between two sends, and the delay for a job that waits at another gate, which sends its message: only if that one
    /// lost it, this one is needed. Also the time after which a ticket that was granted lapses.
    /// </summary>
    public static readonly TimeSpan LongestResend = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of grants of a gate that have not started.</summary>
    public const int MaxGranted = 500;

    /// <summary>The jobs that may start, and when.</summary>
    public IReadOnlyList<(ParkedJob Job, DateTimeOffset At)> Granted { get; init; } = [];

    /// <summary>Jobs whose message is sent again: it was lost, or is late.</summary>
    public IReadOnlyList<ParkedJob> Resent { get; init; } = [];

    /// <summary>
    /// Tickets that were granted and not used: their jobs, which ask again by themselves, have ended. What they reserved is free.
    /// </summary>
    public IReadOnlyList<ParkedJob> Lapsed { get; init; } = [];

    /// <summary>Whether no job waits any more.</summary>
    public bool ClosesLot => !Meter.HasLot;

    /// <param name="lot">The lot as it was read.</param>
    /// <param name="rule">What the gate allows.</param>
    /// <param name="turn">The instance that runs the turn.</param>
    /// <param name="isHeld">Whether a job has to stay, because its queue or type is paused.</param>
    public static ReleaseDecision For(Lot lot, LimitRule rule, ReleaseTurn turn, Func<ParkedJob, bool> isHeld)
    {
        var now = turn.Now;
        var meter = MeterRules.WithSlots(lot.Meter, rule, turn.Instance, turn.InUse, now, turn.Lease) with { Rule = rule };
        var ready = lot.Waiting.Where(job => !isHeld(job)).ToList();
        var granted = Grant(meter, rule, ready, turn);
        var resent = lot.Unstarted
            .Where(job => !job.IsTicket && ResendAt(job) <= now && !isHeld(job))
            .Take(turn.MaxRows - granted.Count)
            .ToList();
        var lapsed = lot.Unstarted
            .Where(job => job.IsTicket && ResendAt(job) <= now)
            .Take(turn.MaxRows - granted.Count - resent.Count)
            .ToList();
        meter = meter with { Granted = meter.Granted + granted.Count - lapsed.Count };
        if (lot.Waiting.Count == 0 && meter.Granted == 0)
            return new ReleaseDecision(meter with { HasLot = false, TurnDue = null }) { Lapsed = lapsed };
        var hasMore = ready.Count > granted.Count || lot.Waiting.Count >= turn.MaxRows;
        var next = NextTurn(meter, rule, hasMore, lot.Unstarted.Except(resent).Except(lapsed), now);
        if (ready.Count < lot.Waiting.Count)
            next = Earlier(next, now + HeldPause);
        // An entry of the due index that comes early does no harm, and saves writing another one.
        var due = lot.Meter.TurnDue > now && lot.Meter.TurnDue <= next ? lot.Meter.TurnDue : next;
        return new ReleaseDecision(meter with { HasLot = true, TurnDue = due })
        {
            Granted = granted, Resent = resent, Lapsed = lapsed,
        };
    }

    /// <summary>When the message of a granted job is due again; the latest time for a job that has not been sent by this turn.</summary>
    public static DateTimeOffset ResendAt(ParkedJob job)
    {
        if (job.IsKept || job.IsTicket)
            return (job.SentAt ?? job.ParkedAt) + LongestResend;
        var delay = FirstResend * Math.Pow(2, Math.Min(job.Sends, 10) - 1);
        return job.SentAt is { } sent ? sent + (delay < LongestResend ? delay : LongestResend) : DateTimeOffset.MinValue;
    }

    private static List<(ParkedJob Job, DateTimeOffset At)> Grant(Meter meter, LimitRule rule, List<ParkedJob> ready, ReleaseTurn turn)
    {
        if (MeterRules.IsBlocked(meter, turn.Now))
            return [];
        var most = Math.Min(Math.Min(ready.Count, turn.MaxRows), MaxGranted - meter.Granted);
        most = Math.Min(most, MeterRules.FreeSlots(meter, rule, turn.Now));
        if (most <= 0)
            return [];
        if (rule.Rate is null)
            return [.. ready.Take(most).Select(job => (job, turn.Now))];
        // Those that were granted and have not started take the first permits.
        var times = RateRules.Upcoming(meter, rule.Rate, turn.Now, Ahead, most + meter.Granted).Skip(meter.Granted);
        return [.. ready.Zip(times)];
    }

    private static DateTimeOffset NextTurn(
        Meter meter, LimitRule rule, bool hasMore, IEnumerable<ParkedJob> unstarted, DateTimeOffset now)
    {
        // Opening the gate runs a turn by itself.
        if (MeterRules.IsBlocked(meter, now))
            return Earlier(now + ClosedPause, meter.BlockedUntil!.Value);
        var next = now + LongestPause;
        foreach (var job in unstarted)
            next = Earlier(next, ResendAt(job));
        // An owner that lives returns its slots by itself. More jobs may be parked by then, so this counts even if none waits now.
        foreach (var owner in meter.LivingAt(now))
            next = Earlier(next, owner.Until + MeterRules.ClockSkew + TimeSpan.FromTicks(1));
        if (!hasMore)
            return Later(next, now);
        if (meter.Granted >= MaxGranted)
        {
            next = Earlier(next, now + FullPause);
        }
        else if (MeterRules.FreeSlots(meter, rule, now) <= 0)
        {
            // Slots that are returned bring a turn with them.
            return Later(next, now);
        }
        else if (rule.Rate is null)
        {
            next = now;
        }
        else
        {
            var first = RateRules.Upcoming(meter, rule.Rate, now, LongestPause, meter.Granted + 1).Skip(meter.Granted).FirstOrDefault(next);
            next = Earlier(next, first - (Ahead / 2));
        }

        return Later(next, now);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
