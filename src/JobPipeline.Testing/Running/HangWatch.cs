using System.Globalization;

namespace JobPipeline.Testing.Running;

/// <summary>
/// Ends a test whose handlers run for too long in real time. The error names the handlers and what they seem to wait for.
/// </summary>
internal sealed class HangWatch(VirtualTimeProvider? clock, TimeSpan limit)
{
    /// <summary>
    /// The factor by which activity of handlers extends the limit. It is bounded, because a loop that never waits is active too.
    /// </summary>
    private const int ActivityFactor = 10;

    private long _lastMove = TimeProvider.System.GetTimestamp();

    /// <summary>Records progress: the clock advanced, or a delivery started or ended.</summary>
    public void Touch() => _lastMove = TimeProvider.System.GetTimestamp();

    /// <summary>Throws if there has been no progress for too long.</summary>
    /// <exception cref="TimeoutException">
    /// Neither the clock nor a delivery has made progress within the limit, and no handler's code was resumed.
    /// </exception>
    public void Check(IReadOnlyCollection<DeliveryRun> runs, string advice = "")
    {
        var still = TimeProvider.System.GetElapsedTime(_lastMove);
        if (still < limit || (still < limit * ActivityFactor && runs.Any(run => run.Quiet < limit)))
            return;
        var handlers = runs.SelectMany(run => run.Handlers.Select(handler => $"{handler} {Describe(run, handler)}")).ToList();
        var who = handlers.Count > 0 ? string.Join("; ", handlers)
            : "the pipeline's own code is waiting: a store or a service that the test registered does not respond";
        throw new TimeoutException(string.Create(
            CultureInfo.InvariantCulture,
            $"No progress for {still.TotalSeconds:0.#} seconds of real time "
                + $"({nameof(JobTestHarnessOptions)}.{nameof(JobTestHarnessOptions.HangTimeout)}): {who}.{advice}"));
    }

    private string Describe(DeliveryRun run, HandlerRun handler)
    {
        if (run.IsActive)
            return "is running or blocking its thread, for example with Task.Wait, Task.Result or Thread.Sleep";
        return clock?.NextDueOf(handler) is { } due
            ? string.Create(CultureInfo.InvariantCulture, $"is waiting for the harness's clock to reach {due:yyyy-MM-ddTHH:mm:ss.fffZ}")
            : "is awaiting something that has not completed and is not a timer of the harness's clock: a task that never completes, "
                + "real I/O, or a delay without the injected TimeProvider";
    }
}
