namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Wakes the poller of one queue when this process has sent a message to it, at once or when the message becomes visible. It is
/// only a hint: messages from other processes are found by polling.
/// </summary>
internal sealed class QueueSignal(TimeProvider time)
{
    /// <summary>The number of announcements kept; of more, the latest are dropped, and polling finds their messages.</summary>
    public const int MaxAnnounced = 1000;

    /// <summary>Announcements within it are one, so that a burst of delayed messages takes one entry.</summary>
    private static readonly long Grain = TimeSpan.FromMilliseconds(50).Ticks;

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _due = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Announces a message that becomes visible at <paramref name="due"/>; a time in the past means now.</summary>
    public void WakeAt(DateTimeOffset due)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            var ticks = due <= time.GetUtcNow() ? 0 : (due.UtcTicks + Grain - 1) / Grain * Grain;
            if (!_due.Add(ticks))
                return;
            if (_due.Count > MaxAnnounced)
                _due.Remove(_due.Max);
            if (_due.Min != ticks)
                return;
            changed = _changed;
        }

        changed.TrySetResult();
    }

    /// <summary>Waits for <paramref name="longest"/>, or until an announced message is visible. Returns whether one is.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + longest;
        while (true)
        {
            Task changed;
            TimeSpan pause;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (_due.RemoveWhere(due => due <= now.UtcTicks) > 0)
                    return true;
                pause = (_due.Count > 0 && _due.Min < until.UtcTicks ? new DateTimeOffset(_due.Min, TimeSpan.Zero) : until) - now;
                if (pause <= TimeSpan.Zero)
                    return false;
                if (_changed.Task.IsCompleted)
                    _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            using var pausing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(pause, time, pausing.Token));
            await pausing.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
