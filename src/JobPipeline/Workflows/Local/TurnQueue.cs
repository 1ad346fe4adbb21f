using System.Collections.Concurrent;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Advances workflow instances side by side in this process, each by one turn at a time. Events that arrive during a turn are applied
/// together by the next one, so an instance with many running items is saved less often than they end.
/// </summary>
internal sealed class TurnQueue(LocalTurns turns, TimeProvider time, ILogger<TurnQueue> logger) : ILocalTurns
{
    /// <summary>How long a workflow instance is at rest before the effects that were sent are removed from its outbox.</summary>
    public static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long a workflow instance stays in memory without an event.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(1);

    /// <summary>The number of workflow instances at rest that are written at the same time.</summary>
    private const int RestsAtATime = 16;

    private readonly ConcurrentDictionary<string, TurnArrivals> _instances = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<TurnResult> ApplyAsync(string id, IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken)
    {
        var arrival = new TurnArrival(events);
        while (true)
        {
            var arrivals = _instances.GetOrAdd(id, _ => new TurnArrivals());
            if (!arrivals.TryAdd(arrival, out var isFirst))
                continue;
            if (isFirst)
                Start(id, arrivals);
            return arrival.Applied.Task;
        }
    }

    /// <summary>
    /// Removes the effects that were sent from the outboxes of the workflow instances that are at rest, and forgets those that have been
    /// for long.
    /// </summary>
    /// <param name="isStopping">Whether the host stops: all workflow instances without an event are forgotten.</param>
    public Task RestAsync(bool isStopping)
    {
        var now = time.GetUtcNow();
        return Parallel.ForEachAsync(
            _instances,
            new ParallelOptions { MaxDegreeOfParallelism = RestsAtATime },
            async (entry, _) => await RestAsync(entry.Key, entry.Value, now, isStopping));
    }

    private async Task RestAsync(string id, TurnArrivals arrivals, DateTimeOffset now, bool isStopping)
    {
        var forgets = isStopping || now - arrivals.LastTurn >= ForgetAfter;
        if ((arrivals.IsRested && !forgets) || (now - arrivals.LastTurn < RestAfter && !isStopping) || !arrivals.TryHold())
            return;
        try
        {
            await turns.RestAsync(id, forgets, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The effects stay in the outbox. The next turn, here or elsewhere, sends them again, which changes nothing.
            WorkflowLog.NotRested(logger, e, id);
        }

        if (!arrivals.Release(forgets))
            Start(id, arrivals);
        else if (forgets)
            _instances.TryRemove(KeyValuePair.Create(id, arrivals));
    }

    /// <summary>Runs turns until no events are left, outside of the flow of the caller that brought the first one.</summary>
    private void Start(string id, TurnArrivals arrivals)
    {
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => RunAsync(id, arrivals));
    }

    private async Task RunAsync(string id, TurnArrivals arrivals)
    {
        while (arrivals.Take(time) is { Count: > 0 } batch)
        {
            if (await TryApplyAsync(id, batch) || batch.Count == 1)
                continue;
            // One by one, so that an event that can't be applied does not hold up the others.
            foreach (var arrival in batch)
                await TryApplyAsync(id, [arrival]);
        }
    }

    /// <summary>Applies the events together. Returns false if that failed; the failure of a single arrival is its result.</summary>
    private async Task<bool> TryApplyAsync(string id, IReadOnlyList<TurnArrival> batch)
    {
        try
        {
            var result = await turns.ApplyAsync(id, [.. batch.SelectMany(arrival => arrival.Events)], CancellationToken.None);
            // One message is enough to retry the effects that are left.
            foreach (var arrival in batch)
                arrival.Applied.TrySetResult(arrival == batch[0] || !result.IsApplied ? result : result with { RetryAt = null });
            return true;
        }
        catch (Exception e)
        {
            if (batch.Count == 1)
                batch[0].Applied.TrySetException(e);
            return false;
        }
    }
}
