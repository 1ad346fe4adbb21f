using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The gauges that are measured by reading storage, at most once per <see cref="GaugeOptions.Interval"/>.</summary>
internal sealed class PipelineGauges
{
    /// <summary>The number of intervals after which a measurement is outdated.</summary>
    private const int MaxAgeInIntervals = 3;

    /// <summary>The number of measurements that found nothing after which the interval is longer.</summary>
    private const int ManyEmpty = 2;

    /// <summary>
    /// By how much it is longer: just under twice, so that a host that measures at every second interval by its own timer does not
    /// skip one of them, by which the values would be outdated.
    /// </summary>
    private const double IntervalsWhileEmpty = 1.8;

    private readonly QueueGauges _queues;
    private readonly WorkflowGauges _workflows;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private DateTimeOffset _next;
    private int _emptyInARow;

    public PipelineGauges(
        QueueInspector inspector,
        WaitingMessages waiting,
        IWorkflowStore workflows,
        JobMetrics metrics,
        TimeProvider time,
        IOptions<GaugeOptions> options)
    {
        (_time, _interval) = (time, options.Value.Interval);
        _queues = new QueueGauges(inspector, waiting, metrics, time, _interval * MaxAgeInIntervals);
        _workflows = new WorkflowGauges(workflows, metrics, time, options.Value);
    }

    /// <summary>
    /// Measures the gauges if the interval has passed; it is longer while all queues are empty. Must not be called concurrently.
    /// </summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() < _next)
            return;
        _next = _time.GetUtcNow() + _interval;
        _emptyInARow = await _queues.MeasureAsync(cancellationToken) ? _emptyInARow + 1 : 0;
        if (_emptyInARow >= ManyEmpty)
            _next = _time.GetUtcNow() + (_interval * IntervalsWhileEmpty);
        await LookAtWorkflowsAsync(cancellationToken);
    }

    /// <summary>Reads the next page of open workflow instances, regardless of the interval.</summary>
    internal Task LookAtWorkflowsAsync(CancellationToken cancellationToken) => _workflows.MeasureAsync(cancellationToken);
}
