using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;

namespace JobPipeline.Testing.Running;

/// <summary>
/// Receives due messages, workflow events first and then jobs by priority, runs them, and settles them on the queue.
/// </summary>
internal sealed class Deliveries(
    InMemoryQueue queue,
    DeliveryExecutor executor,
    Func<LocalWorkflowRunner> workflows,
    TimeProvider clock,
    LocalGates gates,
    ILimitStore limits)
{
    /// <summary>
    /// The visibility timeout, as in a host: long enough for a handler, and short enough for an abandoned message to be received
    /// again.
    /// </summary>
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private const int EventsAtATime = 32;

    /// <summary>Starts the next delivery that is due; null if nothing is due.</summary>
    /// <param name="isApart">True to run it on another thread; false to start it on this thread, up to its first await.</param>
    /// <param name="cancellationToken">A token that requests the handlers to stop.</param>
    public async Task<DeliveryRun?> StartNextAsync(bool isApart, CancellationToken cancellationToken)
    {
        // A job that a limit lets start gets its message.
        while (NextTurn() <= clock.GetUtcNow())
            await gates.RunDueAsync(clock.GetUtcNow(), cancellationToken);
        if (await queue.ReceiveAsync(WorkflowEvents.Queue, EventsAtATime, Visibility, cancellationToken) is { Count: > 0 } events)
        {
            return Start(new DeliveryRun(delivery: null), isApart, async () =>
            {
                await RunEventsAsync(events, cancellationToken);
                return null;
            });
        }

        foreach (var name in PriorityQueues.Received)
        {
            if (await queue.ReceiveAsync(name, 1, Visibility, cancellationToken) is [var delivery])
                return Start(
                    new DeliveryRun(delivery),
                    isApart,
                    async () => await executor.ExecuteAsync(delivery, new DeliveryTerms(cancellationToken)));
        }

        return null;
    }

    /// <summary>Settles a message after its delivery was processed, as a host does.</summary>
    public async Task FinishAsync(DeliveryRun run)
    {
        var result = await run.Work;
        if (run.Delivery is not { } delivery)
            return;
        if (result!.PutBackUntil is { } until)
            await queue.HideAsync(delivery, until - clock.GetUtcNow(), CancellationToken.None);
        else
            await queue.DeleteAsync(delivery, CancellationToken.None);
    }

    /// <summary>Returns when the next message is due that is not being processed; null if there are no such messages.</summary>
    public DateTimeOffset? NextDue(IEnumerable<DeliveryRun> runs)
    {
        var held = runs.Select(run => run.Delivery?.MessageId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var message = PriorityQueues.Received.Append(WorkflowEvents.Queue).Min(name => queue.NextVisibleAt(name, held));
        return message < NextTurn() ? message : NextTurn() ?? message;
    }

    /// <summary>Extends the visibility timeout of the messages that are being processed past a time.</summary>
    public async Task HoldUntilAsync(IEnumerable<DeliveryRun> runs, DateTimeOffset until)
    {
        foreach (var delivery in runs.Select(run => run.Delivery).OfType<QueueDelivery>())
            await queue.HideAsync(delivery, until - clock.GetUtcNow() + Visibility, CancellationToken.None);
    }

    /// <summary>When the next release turn of a limit is due; null if no job waits at one.</summary>
    private DateTimeOffset? NextTurn() => (limits as InMemoryLimitStore)?.NextDue;

    private static DeliveryRun Start(DeliveryRun run, bool isApart, Func<Task<DeliveryResult?>> work)
    {
        if (isApart)
            run.Work = Task.Run(() => BeginAsync(run, work));
        else
            Flow.AsHarness(() => run.Work = WithinAsync(run, work));
        return run;
    }

    private static Task<DeliveryResult?> BeginAsync(DeliveryRun run, Func<Task<DeliveryResult?>> work)
    {
        var begun = Task.FromResult<DeliveryResult?>(null);
        Flow.AsHarness(() => begun = WithinAsync(run, work));
        return begun;
    }

    private static async Task<DeliveryResult?> WithinAsync(DeliveryRun run, Func<Task<DeliveryResult?>> work)
    {
        Flow.Enter(new Flow(run));
        return await work();
    }

    private async Task RunEventsAsync(IReadOnlyList<QueueDelivery> events, CancellationToken cancellationToken)
    {
        var again = await workflows().RunAsync(events, cancellationToken);
        for (var i = 0; i < events.Count; i++)
        {
            if (again[i] is { } until)
                await queue.HideAsync(events[i], until - clock.GetUtcNow(), CancellationToken.None);
            else
                await queue.DeleteAsync(events[i], CancellationToken.None);
        }
    }
}
