using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Local;

/// <summary>Permits of a rate that this instance has taken in advance.</summary>
internal sealed class PrepaidPermits
{
    private Advance _last;
    private int _left;

    public bool TryTake(DateTimeOffset now)
    {
        if (_left == 0 || _last.Until <= now)
            return false;
        _left--;
        return true;
    }

    /// <summary>Replaces what is left.</summary>
    public void Set(int count, DateTimeOffset now) => (_last, _left) = (new Advance(count, now), count);

    /// <inheritdoc cref="Advance.Next"/>
    public int Wanted(LimitRule rule, DateTimeOffset now) => _last.Next(rule.Rate, _left, now);
}
