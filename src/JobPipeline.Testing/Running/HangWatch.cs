using System.Globalization;

namespace JobPipeline.Testing.Running;

/// <summary>Ends a test whose handlers go on for too long in real time, and says which and what they seem to wait for.</summary>
internal sealed class HangWatch(VirtualTimeProvider? clock, TimeSpan limit)
{
    /// <summary>Signs of life put the limit off, but not for ever: a loop that never waits gives them too.</summary>
    private const int LifeFactor = 10;

    private long _lastMove = TimeProvider.System.GetTimestamp();

    /// <summary>The clock moved, or a delivery ended or began.</summary>
    public void Touch() => _lastMove = TimeProvider.System.GetTimestamp();

    /// <exception cref="TimeoutException">
    /// Neither the clock nor a delivery has moved for the limit, and no handler's code has been resumed.
    /// </exception>
    public void Check(IReadOnlyCollection<DeliveryRun> runs, string advice = "")
    {
        var still = TimeProvider.System.GetElapsedTime(_lastMove);
        if (still < limit || (still < limit * LifeFactor && runs.Any(run => run.Quiet < limit)))
            return;
        var handlers = runs.SelectMany(run => run.Handlers.Select(handler => $"{handler} {Describe(run, handler)}")).ToList();
        var who = handlers.Count > 0 ? string.Join("; ", handlers)
            : "the pipeline's own code waits: a store or a service that the test registered does not answer";
        throw new TimeoutException(string.Create(
            CultureInfo.InvariantCulture,
            $"Nothing has moved for {still.TotalSeconds:0.#} seconds of real time "
                + $"({nameof(JobTestHarnessOptions)}.{nameof(JobTestHarnessOptions.HangTimeout)}): {who}.{advice}"));
    }

    private string Describe(DeliveryRun run, HandlerRun handler)
    {
        if (run.IsActive)
            return "is running, or blocks its thread, for example with Task.Wait, Task.Result or Thread.Sleep";
        return clock?.NextDueOf(handler) is { } due
            ? string.Create(CultureInfo.InvariantCulture, $"waits for the harness's clock to reach {due:yyyy-MM-ddTHH:mm:ss.fffZ}")
            : "awaits something that has not completed and is not a timer of the harness's clock: a task that nobody completes, real I/O, "
                + "or a delay without the injected TimeProvider";
    }
}
