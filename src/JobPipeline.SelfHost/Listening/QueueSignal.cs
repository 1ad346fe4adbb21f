namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Wakes the poller of one queue when this process has sent a message to it, at once or when the message becomes visible. It is
/// only a hint: messages from other processes are found by polling.
/// </summary>
internal sealed class QueueSignal(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _due;

    /// <summary>Announces a message that becomes visible at <paramref name="due"/>; a time in the past means now.</summary>
    public void WakeAt(DateTimeOffset due)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_due <= due)
                return;
            _due = due;
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
                if (_due <= now)
                {
                    _due = null;
                    return true;
                }

                pause = (_due < until ? _due.Value : until) - now;
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
