using JobPipeline.Testing.Running;

namespace JobPipeline.Testing;

/// <summary>
/// A clock that only moves when it is advanced. <see cref="Advance"/> fires due timers inline on the calling thread, in the order
/// in which they are due, each at its due time. <see cref="JobTestHarness.RunUntilIdleAsync"/> advances the clock when everything
/// that runs waits for it.
/// </summary>
public sealed class VirtualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public VirtualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due; null if no timer is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.DueAt);
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Advances the clock and fires the timers that become due.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (TakeDue(until) is { } due)
            due.Fire();
        lock (_lock)
        {
            _now = until;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var owner = Flow.Current?.Handler;
        var use = TimerUses.Of(state, owner is not null);
        var timer = new VirtualTimer(this, callback, state, owner, use);
        owner?.SetTimer(use);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Returns the purposes of the timers that a handler has set.</summary>
    internal IReadOnlyCollection<TimerUse> UsesOf(HandlerRun handler)
    {
        lock (_lock)
        {
            return [.. _timers.Where(timer => timer.Owner == handler).Select(timer => timer.Use).Distinct()];
        }
    }

    /// <summary>Whether a handler was requested to stop and is still given time to do so.</summary>
    internal bool HasAbandonTimer
    {
        get
        {
            lock (_lock)
            {
                return _timers.Exists(timer => timer.Use == TimerUse.Abandon);
            }
        }
    }

    /// <summary>Returns when the next timer that a handler has set itself is due.</summary>
    internal DateTimeOffset? NextDueOf(HandlerRun handler)
    {
        lock (_lock)
        {
            return _timers.Where(timer => timer.Owner == handler && timer.Use != TimerUse.Pipeline)
                .Min(timer => (DateTimeOffset?)timer.DueAt);
        }
    }

    private VirtualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.DueAt <= until).MinBy(timer => timer.DueAt);
            if (next is null)
                return null;
            if (next.DueAt > _now)
                _now = next.DueAt;
            if (next.Period > TimeSpan.Zero)
                next.DueAt += next.Period;
            else
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTimeProvider time, TimerCallback callback, object? state, HandlerRun? owner, TimerUse use)
        : ITimer
    {
        // As with a real timer, the callback of a handler's timer belongs to the handler's flow.
        private readonly ExecutionContext? _context = owner is null ? null : ExecutionContext.Capture();

        public HandlerRun? Owner => owner;

        public TimerUse Use => use;

        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire()
        {
            if (_context is null)
                callback(state);
            else
                ExecutionContext.Run(_context, new ContextCallback(callback), state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    DueAt = time._now + dueTime;
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
