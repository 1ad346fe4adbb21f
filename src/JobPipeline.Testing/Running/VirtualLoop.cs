using System.Globalization;

namespace JobPipeline.Testing.Running;

/// <summary>
/// Delivers what is due and moves the clock to what is next. It moves the clock only when nothing can run: every handler
/// waits for a timer that it set on the clock, and has done so for a while in real time. A handler that waits for anything
/// else is waited for in real time, at most as long as the hang limit says.
/// </summary>
internal sealed class VirtualLoop(Deliveries deliveries, VirtualTimeProvider clock, JobTestHarnessOptions options)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    private readonly List<DeliveryRun> _runs = [];
    private readonly HangWatch _hang = new(clock, options.HangTimeout);

    /// <summary>How the deliveries stand to the clock.</summary>
    private enum Standing
    {
        /// <summary>Some code runs, or what is waited for is outside.</summary>
        Busy,

        /// <summary>Something outside has been waited for long enough to let other jobs begin: they may bring it.</summary>
        Blocked,

        /// <summary>Everything waits for the clock.</summary>
        Waiting,
    }

    /// <exception cref="InvalidOperationException">It goes on and on.</exception>
    /// <exception cref="TimeoutException">A handler hangs.</exception>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken)
    {
        for (var begun = 0; ;)
        {
            await FinishEndedAsync();
            if (begun >= options.MaxDeliveries && deliveries.NextDue(_runs) is not null)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Not idle after {begun} deliveries: a job snoozes or enqueues for ever."));
            }

            var standing = await LookAsync(cancellationToken);
            if (standing != Standing.Busy && !cancellationToken.IsCancellationRequested
                && await deliveries.StartNextAsync(isApart: true, cancellationToken) is { } next)
            {
                begun++;
                _runs.Add(next);
                _hang.Touch();
            }
            else if (standing != Standing.Waiting)
            {
                await GlanceAsync();
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

    private async Task<Standing> LookAsync(CancellationToken cancellationToken)
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

        if (_runs.Count > 0 && !await PoolRestsAsync())
            return Standing.Busy;
        return isBlocked ? Standing.Blocked : Standing.Waiting;
    }

    private HandlerTimers TimersOf(HandlerRun handler)
    {
        var uses = clock.UsesOf(handler);
        return new HandlerTimers(uses.Contains(TimerUse.Wait), uses.Contains(TimerUse.Limit), handler.IsInStep, handler.IsWaitingAgain);
    }

    /// <summary>What a handler has queued on the thread pool has begun by then, and shows as code that runs.</summary>
    private async Task<bool> PoolRestsAsync()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
            return false;
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static fence => fence.SetResult(), fence, preferLocal: false);
        await fence.Task;
        return !_runs.Exists(run => run.IsActive || run.Work.IsCompleted);
    }

    /// <summary>A timer counts while something runs; nobody waits for those that are left over.</summary>
    private DateTimeOffset? NextMoment()
    {
        var due = deliveries.NextDue(_runs);
        return _runs.Count > 0 && clock.NextDue is { } timer && !(due < timer) ? timer : due;
    }

    private async Task MoveAsync(DateTimeOffset moment)
    {
        await deliveries.HoldUntilAsync(_runs, moment);
        // Apart: a handler that the clock resumes may block the thread.
        var move = Task.Run(() => Flow.AsHarness(() => clock.Advance(moment - clock.GetUtcNow())));
        _hang.Touch();
        while (!move.IsCompleted)
        {
            await Task.WhenAny(move, Task.Delay(Glance, TimeProvider.System));
            _hang.Check(_runs);
        }

        await move;
    }

    private async Task GlanceAsync()
    {
        await Task.WhenAny(_runs.Select(run => (Task)run.Work).Append(Task.Delay(Glance, TimeProvider.System)));
        _hang.Check(_runs);
    }
}
