using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>When a gate of an instance has something to do by itself. Pure.</summary>
internal static class GateAlarm
{
    /// <summary>How long a slot stays with the instance unused.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long until a slot has been idle for long enough, a lease has to be renewed, or a release turn is due;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    /// <param name="meter">The meter as it is known.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="inUse">The slots that it uses.</param>
    /// <param name="now">The current time.</param>
    /// <param name="lease">The lease of slots, which is renewed after a quarter of it.</param>
    public static TimeSpan DelayFor(Meter meter, string instance, int inUse, DateTimeOffset now, TimeSpan lease)
    {
        var held = MeterRules.SlotsOf(meter, instance, now);
        // By the lease itself, not by what was done last: asking, and reading the meter, renew nothing.
        var at = held > 0 || inUse > 0 ? MeterRules.LeaseOf(meter, instance) - (lease * 0.75) : null;
        if (held > inUse)
            at = Earlier(at, now + IdleTime);
        if (meter is { HasLot: true, TurnDue: { } due })
            at = Earlier(at, due);
        // Sooner would be a loop: a turn that could do nothing has set a later time.
        return at is { } time ? (time > now ? time - now : IdleTime) : Timeout.InfiniteTimeSpan;
    }

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a < b ? a.Value : b;
}
