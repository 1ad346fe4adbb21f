using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Maintenance.Queues;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>Depth and oldest age of the lanes. The platform's own count of messages is an hour old.</summary>
internal sealed class LaneGauges
{
    private readonly QueueInspector _inspector;
    private readonly WaitingMessages _waiting;
    private readonly TimeProvider _time;
    private readonly Fresh<IReadOnlyList<LaneStatus>> _lanes;

    public LaneGauges(QueueInspector inspector, WaitingMessages waiting, JobMetrics metrics, TimeProvider time, TimeSpan goodFor)
    {
        (_inspector, _waiting, _time, _lanes) = (inspector, waiting, time, new Fresh<IReadOnlyList<LaneStatus>>(time, goodFor));
        metrics.Meter.CreateObservableGauge("jobpipeline.queue.depth", () => Of(lane => lane.Depth), "{message}", "About how many messages a lane holds, hidden ones included");
        metrics.Meter.CreateObservableGauge("jobpipeline.queue.poison_depth", () => Of(lane => lane.PoisonDepth), "{message}", "About how many messages a lane's poison queue holds");
        metrics.Meter.CreateObservableGauge("jobpipeline.queue.oldest_age", () => Of(Age), "s", "For how long the oldest due job of a lane has waited for its first start, as far as is seen");
    }

    /// <summary>Looks at every lane: four operations each at most.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var lanes = await _inspector.InspectAsync(cancellationToken);
        // A message that waits in this process for a slot is not seen in the queue.
        var held = _waiting.OldestFirst();
        _lanes.Set([.. lanes.Select(lane => lane with { WaitsSince = Earlier(lane.WaitsSince, held.GetValueOrDefault(lane.Lane)) })]);
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<LaneStatus, T> value)
        where T : struct =>
        _lanes.Value?.Select(lane => new Measurement<T>(value(lane), new KeyValuePair<string, object?>(AttributeNames.Destination, lane.Lane))) ?? [];

    private double Age(LaneStatus lane) => lane.WaitsSince is { } since && since < _time.GetUtcNow() ? (_time.GetUtcNow() - since).TotalSeconds : 0;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
