using JobPipeline.Configuration;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>
/// The arithmetic of rates. Pure. GCRA as in ITU-T I.371: a start conforms if it does not come earlier than the theoretical arrival time
/// less the tolerance, here burst − 1 intervals; each start moves the arrival time on by one interval.
/// </summary>
internal static class RateRules
{
    /// <summary>Takes up to <paramref name="wanted"/> permits for starts now.</summary>
    public static (Meter Meter, int Count) Take(Meter meter, LimitRate? rate, int wanted, DateTimeOffset now)
    {
        if (rate is null || wanted == 0)
            return (meter, wanted);
        if (rate.Algorithm == LimitAlgorithm.FixedWindow)
            return TakeFromWindow(meter, rate, wanted, now);
        var from = From(meter, now);
        var earliest = from - Tolerance(rate);
        if (earliest > now)
            return (meter, 0);
        var count = (int)Math.Min(wanted, ((now - earliest).Ticks / rate.Interval.Ticks) + 1);
        return (meter with { NextArrival = from + (rate.Interval * count) }, count);
    }

    /// <summary>Counts starts that the rate did not allow: those that follow wait the longer for it.</summary>
    public static Meter Charge(Meter meter, LimitRate? rate, int count, DateTimeOffset now)
    {
        if (rate is null)
            return meter;
        if (rate.Algorithm == LimitAlgorithm.Gcra)
            return meter with { NextArrival = From(meter, now) + (rate.Interval * count) };
        var window = WindowOf(rate, now);
        return meter with { Window = window, Used = (meter.Window == window ? meter.Used : 0) + count };
    }

    /// <summary>When the next start conforms: now, or a later time.</summary>
    public static DateTimeOffset NextAt(Meter meter, LimitRate? rate, DateTimeOffset now)
    {
        if (rate is null)
            return now;
        if (rate.Algorithm == LimitAlgorithm.Gcra)
            return Later(now, From(meter, now) - Tolerance(rate));
        var window = WindowOf(rate, now);
        var opens = window + MeterRules.ClockSkew;
        if (now < opens)
            return meter.Window == window && meter.Used >= rate.Count ? opens + rate.Period : opens;
        var isOver = now >= window + rate.Period - MeterRules.ClockSkew || (meter.Window == window && meter.Used >= rate.Count);
        return isOver ? opens + rate.Period : now;
    }

    /// <summary>When the start conforms that comes after a number of others, if each starts as soon as it may.</summary>
    public static DateTimeOffset ExpectedAt(Meter meter, LimitRate? rate, int before, DateTimeOffset now)
    {
        if (rate is null)
            return now;
        if (rate.Algorithm == LimitAlgorithm.Gcra)
            return Later(now, From(meter, now) + (rate.Interval * before) - Tolerance(rate));
        var first = NextAt(meter, rate, now);
        var used = meter.Window == WindowOf(rate, first) ? meter.Used : 0;
        var windows = (used + before) / rate.Count;
        return windows == 0 ? first : WindowOf(rate, first) + (rate.Period * windows) + MeterRules.ClockSkew;
    }

    /// <summary>The times at which the next starts conform, within a time from now; the earliest first.</summary>
    public static IEnumerable<DateTimeOffset> Upcoming(Meter meter, LimitRate? rate, DateTimeOffset now, TimeSpan within, int max)
    {
        var end = now + within;
        for (var i = 0; i < max; i++)
        {
            now = NextAt(meter, rate, now);
            if (now > end)
                yield break;
            yield return now;
            (meter, _) = Take(meter, rate, 1, now);
        }
    }

    /// <summary>
    /// Whether permits may be taken before their time. Not those of a window: a meter counts one window, and the present one must not be
    /// forgotten.
    /// </summary>
    public static bool MayReserve(LimitRate rate) => rate.Algorithm == LimitAlgorithm.Gcra;

    /// <summary>From when on no start of the past counts any more; null if none does now.</summary>
    public static DateTimeOffset? OwesNothingFrom(Meter meter, LimitRate? rate) => rate switch
    {
        null => null,
        { Algorithm: LimitAlgorithm.FixedWindow } => meter.Window + rate.Period,
        _ => meter.NextArrival,
    };

    private static (Meter Meter, int Count) TakeFromWindow(Meter meter, LimitRate rate, int wanted, DateTimeOffset now)
    {
        var window = WindowOf(rate, now);
        // The clocks of others may show the window before or after.
        if (now < window + MeterRules.ClockSkew || now >= window + rate.Period - MeterRules.ClockSkew)
            return (meter, 0);
        var used = meter.Window == window ? meter.Used : 0;
        var count = Math.Clamp(rate.Count - used, 0, wanted);
        return (count == 0 ? meter : meter with { Window = window, Used = used + count }, count);
    }

    /// <summary>Windows begin at multiples of the period since the year 1, a Monday: at full minutes, hours, days and weeks of
    /// UTC.</summary>
    private static DateTimeOffset WindowOf(LimitRate rate, DateTimeOffset now) =>
        new(now.UtcTicks - (now.UtcTicks % rate.Period.Ticks), TimeSpan.Zero);

    private static TimeSpan Tolerance(LimitRate rate) => rate.Interval * (rate.Burst - 1);

    private static DateTimeOffset From(Meter meter, DateTimeOffset now) => Later(meter.NextArrival ?? now, now);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
