using System.Globalization;

namespace JobPipeline.Testing.Running;

/// <summary>
/// Delivers due messages and advances the clock to the next due time. The clock advances only when nothing can run: every handler
/// waits for a timer that it set on the clock, and has been quiet for a while in real time. A handler that waits for anything
/// else is awaited in real time, up to the hang timeout.
/// </summary>
internal sealed class VirtualLoop(Deliveries deliveries, VirtualTimeProvider clock, JobTestHarnessOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    private readonly List<DeliveryRun> _runs = [];
    private readonly HangWatch _hang = new(clock, options.HangTimeout);

    /// <summary>Specifies what the deliveries are waiting for.</summary>
    private enum Standing
    {
        /// <summary>Code is running, or something outside the harness is awaited.</summary>
        Busy,

        /// <summary>
        /// Something outside the harness has been awaited for long enough to start other jobs, which may bring it about.
        /// </summary>
        Blocked,

        /// <summary>Everything waits for the clock.</summary>
        Waiting,
    }

    /// <summary>Runs until nothing is left to deliver.</summary>
    /// <exception cref="InvalidOperationException">The jobs never end.</exception>
    /// <exception cref="TimeoutException">A handler hangs.</exception>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken)
    {
        for (var begun = 0; ;)
        {
            await FinishEndedAsync();
            if (begun >= options.MaxDeliveries && deliveries.NextDue(_runs) is not null)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Not idle after {begun} deliveries: a job keeps snoozing or enqueuing."));
            }

            var standing = await GetStandingAsync(cancellationToken);
            if (standing != Standing.Busy && !cancellationToken.IsCancellationRequested
                && await deliveries.StartNextAsync(isApart: true, cancellationToken) is { } next)
            {
                begun++;
                _runs.Add(next);
                _hang.Touch();
            }
            else if (standing != Standing.Waiting)
            {
                await PollAsync();
            }
            else if (NextMoment() is not { } moment)
            {
                return;
            }
            else
            {
                if (_runs.Count == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                await MoveAsync(moment);
            }
        }
    }

    private async Task FinishEndedAsync()
    {
        foreach (var run in _runs.Where(run => run.Work.IsCompleted).ToList())
        {
            _runs.Remove(run);
            _hang.Touch();
            await deliveries.FinishAsync(run);
        }
    }

    private async Task<Standing> GetStandingAsync(CancellationToken cancellationToken)
    {
        var isBlocked = false;
        foreach (var run in _runs)
        {
            if (run.IsActive || run.Work.IsCompleted)
                return Standing.Busy;
            var handlers = run.Handlers.Select(TimersOf).ToList();
            var isToldToStop = cancellationToken.IsCancellationRequested || clock.HasAbandonTimer;
            var required = Readiness.RequiredQuiet(handlers, isToldToStop, options.Grace);
            if (required is null)
            {
                isBlocked = true;
                if (run.Quiet < options.Grace * Readiness.LimitFactor)
                    return Standing.Busy;
            }
            else if (required > run.Quiet)
            {
                return Standing.Busy;
            }
        }

        if (_runs.Count > 0 && !await IsPoolIdleAsync())
            return Standing.Busy;
        return isBlocked ? Standing.Blocked : Standing.Waiting;
    }

    private HandlerTimers TimersOf(HandlerRun handler)
    {
        var uses = clock.UsesOf(handler);
        return new HandlerTimers(uses.Contains(TimerUse.Wait), uses.Contains(TimerUse.Limit), handler.IsInStep, handler.IsWaitingAgain);
    }

    /// <summary>
    /// Whether the thread pool is idle. Work that a handler queued on it has started by then, and shows as running code.
    /// </summary>
    private async Task<bool> IsPoolIdleAsync()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
            return false;
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static fence => fence.SetResult(), fence, preferLocal: false);
        await fence.Task;
        return !_runs.Exists(run => run.IsActive || run.Work.IsCompleted);
    }

    /// <summary>
    /// Returns the next time to advance to. Timers count only while a delivery is running; otherwise nothing waits for them.
    /// </summary>
    private DateTimeOffset? NextMoment()
    {
        var due = deliveries.NextDue(_runs);
        return _runs.Count > 0 && clock.NextDue is { } timer && !(due < timer) ? timer : due;
    }

    private async Task MoveAsync(DateTimeOffset moment)
    {
        await deliveries.HoldUntilAsync(_runs, moment);
        // On another thread, because a handler that the clock resumes may block it.
        var move = Task.Run(() => Flow.AsHarness(() => clock.Advance(moment - clock.GetUtcNow())));
        _hang.Touch();
        while (!move.IsCompleted)
        {
            await Task.WhenAny(move, Task.Delay(PollInterval, TimeProvider.System));
            _hang.Check(_runs);
        }

        await move;
    }

    private async Task PollAsync()
    {
        await Task.WhenAny(_runs.Select(run => (Task)run.Work).Append(Task.Delay(PollInterval, TimeProvider.System)));
        _hang.Check(_runs);
    }
}
