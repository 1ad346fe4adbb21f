using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>The permits of a rate that an instance took in advance last, so that not every start needs a write. Pure.</summary>
/// <param name="Taken">How many were taken.</param>
/// <param name="At">When; default for never.</param>
internal readonly record struct Advance(int Taken, DateTimeOffset At)
{
    /// <summary>How long permits that were taken in advance count.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(500);

    /// <summary>When they count no more.</summary>
    public DateTimeOffset Until => At + Time;

    /// <summary>
    /// How many to take now: as many as were used of the last ones, twice as many if that was all, and none for an instance that would not
    /// use them in time. Permits that are not used are lost to the other instances.
    /// </summary>
    /// <param name="rate">The rate; null for none.</param>
    /// <param name="left">How many of the last ones were not used.</param>
    /// <param name="now">The current time.</param>
    public int Next(LimitRate? rate, int left, DateTimeOffset now)
    {
        if (rate is null || Until <= now)
            return 0;
        var used = Taken - left;
        var most = (int)Math.Min(Time / rate.Interval, rate.Burst);
        return Math.Min(most, left == 0 ? Math.Max(1, 2 * used) : used);
    }
}
