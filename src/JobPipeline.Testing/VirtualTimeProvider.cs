using JobPipeline.Testing.Running;

namespace JobPipeline.Testing;

/// <summary>
/// Time that moves only when told to. <see cref="Advance"/> fires due timers inline on the calling thread, in the order
/// they fall due, each at its own moment. <see cref="JobTestHarness.RunUntilIdleAsync"/> moves it when everything that runs
/// waits for it.
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

    /// <summary>When the next timer falls due; null when none is set.</summary>
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

    /// <summary>Moves on.</summary>
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

    /// <summary>The uses of the timers that are set and that the handler made.</summary>
    internal IReadOnlyCollection<TimerUse> UsesOf(HandlerRun handler)
    {
        lock (_lock)
        {
            return [.. _timers.Where(timer => timer.Owner == handler).Select(timer => timer.Use).Distinct()];
        }
    }

    /// <summary>True while a handler that was told to stop is given time to.</summary>
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

    /// <summary>When the next timer that a handler set on its own falls due.</summary>
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
        // As a real timer would: what a handler's timer calls belongs to the handler's flow.
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
