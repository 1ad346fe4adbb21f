using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The gauges of the queues: depth and oldest age. The message count of Azure Monitor is up to an hour old.</summary>
internal sealed class QueueGauges
{
    private readonly QueueInspector _inspector;
    private readonly WaitingMessages _waiting;
    private readonly TimeProvider _time;
    private readonly LatestMeasurement<IReadOnlyList<QueueStatus>> _queues;

    public QueueGauges(QueueInspector inspector, WaitingMessages waiting, JobMetrics metrics, TimeProvider time, TimeSpan maxAge)
    {
        (_inspector, _waiting, _time, _queues) =
            (inspector, waiting, time, new LatestMeasurement<IReadOnlyList<QueueStatus>>(time, maxAge));
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.depth",
            () => Of(queue => queue.Depth),
            "{message}",
            "Approximate number of messages in a queue, including hidden ones");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.poison_depth",
            () => Of(queue => queue.PoisonDepth),
            "{message}",
            "Approximate number of messages in the poison queue of a queue");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.oldest_age",
            () => Of(Age),
            "s",
            "For how long the oldest known due job of a queue has waited for its first start");
    }

    /// <summary>Measures every queue, with at most four operations each. Returns whether all are empty.</summary>
    public async Task<bool> MeasureAsync(CancellationToken cancellationToken)
    {
        var queues = await _inspector.InspectAsync(cancellationToken);
        // A message that waits for a slot in this process is not visible in the queue.
        var held = _waiting.OldestFirst();
        _queues.Set([.. queues.Select(
            queue => queue with { WaitsSince = Earlier(queue.WaitsSince, held.GetValueOrDefault(queue.Queue)) })]);
        return queues.All(queue => queue is { Depth: 0, PoisonDepth: 0 });
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<QueueStatus, T> value)
        where T : struct =>
        _queues.Value?.Select(queue =>
            new Measurement<T>(value(queue), new KeyValuePair<string, object?>(AttributeNames.Destination, queue.Queue))) ?? [];

    private double Age(QueueStatus queue) =>
        queue.WaitsSince is { } since && since < _time.GetUtcNow() ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
