using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Local;

/// <summary>Permits of a rate that this instance has taken in advance.</summary>
internal sealed class PrepaidPermits
{
    /// <summary>How long permits that were taken in advance count.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(500);

    private DateTimeOffset _until;
    private int _taken, _left;

    public bool TryTake(DateTimeOffset now)
    {
        if (_left == 0 || _until <= now)
            return false;
        _left--;
        return true;
    }

    /// <summary>Replaces what is left.</summary>
    public void Set(int count, DateTimeOffset now) => (_taken, _left, _until) = (count, count, now + Lifetime);

    /// <summary>
    /// As many as were used of the last ones, twice as many if that was all: permits that are not used are lost to the other instances.
    /// </summary>
    public int Wanted(LimitRule rule)
    {
        if (rule.Rate is not { } rate)
            return 0;
        var used = _taken - _left;
        var most = (int)Math.Min(Lifetime / rate.Interval, rate.Burst);
        return Math.Min(most, used == _taken ? Math.Max(1, 2 * used) : used);
    }
}
