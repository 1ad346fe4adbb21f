using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The gauges of the queues: depth and oldest age. The message count of Azure Monitor is up to an hour old.</summary>
internal sealed class LaneGauges
{
    private readonly QueueInspector _inspector;
    private readonly WaitingMessages _waiting;
    private readonly TimeProvider _time;
    private readonly LatestMeasurement<IReadOnlyList<LaneStatus>> _lanes;

    public LaneGauges(QueueInspector inspector, WaitingMessages waiting, JobMetrics metrics, TimeProvider time, TimeSpan maxAge)
    {
        (_inspector, _waiting, _time, _lanes) = (inspector, waiting, time, new LatestMeasurement<IReadOnlyList<LaneStatus>>(time, maxAge));
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.depth",
            () => Of(lane => lane.Depth),
            "{message}",
            "Approximate number of messages in a queue, including hidden ones");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.poison_depth",
            () => Of(lane => lane.PoisonDepth),
            "{message}",
            "Approximate number of messages in the poison queue of a queue");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.queue.oldest_age",
            () => Of(Age),
            "s",
            "For how long the oldest known due job of a queue has waited for its first start");
    }

    /// <summary>Measures every queue, with at most four operations each.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var lanes = await _inspector.InspectAsync(cancellationToken);
        // A message that waits for a slot in this process is not visible in the queue.
        var held = _waiting.OldestFirst();
        _lanes.Set([.. lanes.Select(lane => lane with { WaitsSince = Earlier(lane.WaitsSince, held.GetValueOrDefault(lane.Lane)) })]);
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<LaneStatus, T> value)
        where T : struct =>
        _lanes.Value?.Select(lane =>
            new Measurement<T>(value(lane), new KeyValuePair<string, object?>(AttributeNames.Destination, lane.Lane))) ?? [];

    private double Age(LaneStatus lane) =>
        lane.WaitsSince is { } since && since < _time.GetUtcNow() ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
