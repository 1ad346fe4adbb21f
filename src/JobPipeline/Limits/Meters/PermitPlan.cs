using JobPipeline.Configuration;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>Calls that ask for a permit of a gate's rate together.</summary>
/// <param name="Latest">The latest time to which each of them waits; the first in line first.</param>
/// <param name="Line">The meter as it would be if those that were refused before had taken their permits.</param>
/// <param name="Prepaid">The number of permits to take in advance, if all who ask may go on at once.</param>
internal readonly record struct PermitRound(IReadOnlyList<DateTimeOffset> Latest, Meter Line, int Prepaid = 0);

/// <summary>The answer to one call.</summary>
/// <param name="At">When the call may be made; if it was refused, when a permit is expected.</param>
/// <param name="IsTaken">Whether the permit was taken.</param>
internal readonly record struct PermitTime(DateTimeOffset At, bool IsTaken);

/// <summary>
/// Which calls get a permit of a gate's rate, and when. Pure. Jobs that wait for the gate do not close it to these calls: they come from
/// jobs that run, and hold what others wait for.
/// </summary>
/// <param name="Meter">The meter after the round.</param>
/// <param name="Times">The answers, in the order of the calls.</param>
/// <param name="Line">The line of those that were refused.</param>
/// <param name="Prepaid">The number of permits that were taken in advance.</param>
internal sealed record PermitPlan(Meter Meter, IReadOnlyList<PermitTime> Times, Meter Line, int Prepaid)
{
    /// <summary>The longest time for which a call is refused: before that, the rule may change, or the gate be opened.</summary>
    public static readonly TimeSpan LongestRefusal = TimeSpan.FromHours(1);

    public static PermitPlan For(Meter meter, LimitRule rule, PermitRound round, DateTimeOffset now)
    {
        if (MeterRules.IsBlocked(meter, now))
            return All(meter, round, new PermitTime(Earlier(meter.BlockedUntil!.Value, now + LongestRefusal), IsTaken: false));
        if (rule.Rate is not { } rate)
            return All(meter, round, new PermitTime(now, IsTaken: true));
        var (after, line) = (meter, round.Line);
        var times = new List<PermitTime>(round.Latest.Count);
        foreach (var latest in round.Latest)
        {
            var at = RateRules.NextAt(after, rate, now);
            if (at <= now || (at <= latest && RateRules.MayReserve(rate)))
            {
                (after, _) = RateRules.Take(after, rate, 1, at);
                times.Add(new PermitTime(at, IsTaken: true));
            }
            else
            {
                // Not all at the same time: the others would be refused again.
                (line, at) = Join(Later(line, after, rate), rate, now);
                times.Add(new PermitTime(at, IsTaken: false));
            }
        }

        var prepaid = 0;
        if (times.TrueForAll(time => time.IsTaken && time.At <= now))
            (after, prepaid) = RateRules.Take(after, rate, round.Prepaid, now);
        return new PermitPlan(after == meter ? meter : after with { Rule = rule }, times, line, prepaid);
    }

    private static PermitPlan All(Meter meter, PermitRound round, PermitTime time) =>
        new(meter, [.. Enumerable.Repeat(time, round.Latest.Count)], round.Line, Prepaid: 0);

    /// <summary>A place in the line, and the time at which its permit is expected.</summary>
    private static (Meter Line, DateTimeOffset At) Join(Meter line, LimitRate rate, DateTimeOffset now)
    {
        // The line may have reached a later window.
        var from = line.Window + MeterRules.ClockSkew is { } opens && opens > now ? opens : now;
        var at = RateRules.NextAt(line, rate, from);
        var end = now + LongestRefusal;
        return at > end ? (line, end) : (RateRules.Take(line, rate, 1, at).Meter, at);
    }

    /// <summary>What is left of the line: the permits that were taken meanwhile may be more.</summary>
    private static Meter Later(Meter line, Meter meter, LimitRate rate)
    {
        if (rate.Algorithm == LimitAlgorithm.Gcra)
            return line.NextArrival > meter.NextArrival ? line : meter;
        return line.Window > meter.Window || (line.Window == meter.Window && line.Used > meter.Used) ? line : meter;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
