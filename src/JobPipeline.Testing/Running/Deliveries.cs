using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;

namespace JobPipeline.Testing.Running;

/// <summary>Takes due messages from the queue, the events of workflows first and then the highest lane, and answers for them.</summary>
internal sealed class Deliveries(InMemoryQueue queue, DeliveryExecutor executor, Func<LocalWorkflowRunner> workflows, TimeProvider clock)
{
    /// <summary>As a host would: long enough for a handler, short enough to see a message that was left.</summary>
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private const int EventsAtATime = 32;

    /// <summary>Null: nothing is due now.</summary>
    /// <param name="isApart">True to run it on a thread of its own; false to begin it here, as far as it goes.</param>
    /// <param name="cancellationToken">Tells the handlers to stop.</param>
    public async Task<DeliveryRun?> StartNextAsync(bool isApart, CancellationToken cancellationToken)
    {
        if (await queue.ReceiveAsync(WorkflowEvents.Queue, EventsAtATime, Visibility, cancellationToken) is { Count: > 0 } events)
        {
            return Start(new DeliveryRun(delivery: null), isApart, async () =>
            {
                await RunEventsAsync(events, cancellationToken);
                return null;
            });
        }

        foreach (var lane in JobLanes.All)
        {
            if (await queue.ReceiveAsync(lane, 1, Visibility, cancellationToken) is [var delivery])
                return Start(new DeliveryRun(delivery), isApart, async () => await executor.ExecuteAsync(delivery, new DeliveryTerms(cancellationToken)));
        }

        return null;
    }

    /// <summary>What a host does with the message when it has been worked on.</summary>
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

    /// <summary>When the next message is due that nobody works on; null: there is none.</summary>
    public DateTimeOffset? NextDue(IEnumerable<DeliveryRun> runs)
    {
        var held = runs.Select(run => run.Delivery?.MessageId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return JobLanes.All.Append(WorkflowEvents.Queue).Min(lane => queue.NextVisibleAt(lane, held));
    }

    /// <summary>Keeps the messages that are worked on from coming back before then.</summary>
    public async Task HoldUntilAsync(IEnumerable<DeliveryRun> runs, DateTimeOffset until)
    {
        foreach (var delivery in runs.Select(run => run.Delivery).OfType<QueueDelivery>())
            await queue.HideAsync(delivery, until - clock.GetUtcNow() + Visibility, CancellationToken.None);
    }

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
