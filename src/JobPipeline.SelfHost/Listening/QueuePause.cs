using JobPipeline.Limits.Pauses;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Keeps a paused queue empty in this process: nothing is fetched, and messages that wait for a slot are returned.</summary>
internal sealed class QueuePause(string queueName, PauseRegistry pauses, Backlog backlog, Func<HeldDelivery, Task> giveBack, ILogger logger)
{
    private bool IsPaused => pauses.Find(PauseTarget.Queue, queueName) is not null;

    /// <summary>Waits while the queue is paused. Returns whether it was.</summary>
    public async Task<bool> WaitForResumeAsync(CancellationToken cancellationToken)
    {
        var waited = false;
        while (true)
        {
            // Read before the check, so that a change in between is not missed.
            var changed = pauses.Changed;
            if (!IsPaused)
                return waited;
            waited = true;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Returns waiting messages if the queue is paused. Also called after each fetch, because a pause may have started during it.
    /// </summary>
    public async Task GiveBackAsync()
    {
        if (!IsPaused || backlog.TakeAll(queueName) is not { Count: > 0 } waiting)
            return;
        await Task.WhenAll(waiting.Select(giveBack));
        ListenerLog.QueuePaused(logger, queueName, waiting.Count);
    }

    /// <summary>Returns waiting messages whenever the queue is paused, until <paramref name="stopping"/> is cancelled.</summary>
    public async Task WatchAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var changed = pauses.Changed;
            await GiveBackAsync();
            await changed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
