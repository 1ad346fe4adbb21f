using JobPipeline.Limits.Pauses;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Keeps a paused lane empty in this process: nothing is fetched, and what waits for a slot goes back.</summary>
internal sealed class LanePause(string lane, PauseRegistry pauses, Backlog backlog, Func<HeldDelivery, Task> giveBack, ILogger logger)
{
    private bool IsPaused => pauses.Find(PauseTarget.Lane, lane) is not null;

    /// <summary>Waits while the lane is paused. True: it was.</summary>
    public async Task<bool> WaitForResumeAsync(CancellationToken cancellationToken)
    {
        var waited = false;
        while (true)
        {
            // Taken before the question: a change in between is not missed.
            var changed = pauses.Changed;
            if (!IsPaused)
                return waited;
            waited = true;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives back what waits for a slot, if the lane is paused. Called after each fetch, too: a pause may have come while it was under way.</summary>
    public async Task GiveBackAsync()
    {
        if (!IsPaused || backlog.TakeAll(lane) is not { Count: > 0 } waiting)
            return;
        await Task.WhenAll(waiting.Select(giveBack));
        ListenerLog.LanePaused(logger, lane, waiting.Count);
    }

    /// <summary>Gives back whenever the lane is paused, until told to stop.</summary>
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
