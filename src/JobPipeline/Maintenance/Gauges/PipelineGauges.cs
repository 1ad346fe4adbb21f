using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>What is measured by looking at the storage, at most every <see cref="GaugeOptions.Interval"/>.</summary>
internal sealed class PipelineGauges
{
    /// <summary>A measurement that is this many intervals old tells nothing of the present.</summary>
    private const int GoodForIntervals = 3;

    private readonly LaneGauges _lanes;
    private readonly WorkflowGauges _workflows;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private DateTimeOffset _next;

    public PipelineGauges(
        QueueInspector inspector, WaitingMessages waiting, IWorkflowStore workflows, JobMetrics metrics, TimeProvider time, IOptions<GaugeOptions> options)
    {
        (_time, _interval) = (time, options.Value.Interval);
        _lanes = new LaneGauges(inspector, waiting, metrics, time, _interval * GoodForIntervals);
        _workflows = new WorkflowGauges(workflows, metrics, time, options.Value);
    }

    /// <summary>Measures if it is time to. Not to be called twice at a time.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_time.GetUtcNow() < _next)
            return;
        _next = _time.GetUtcNow() + _interval;
        await _lanes.MeasureAsync(cancellationToken);
        await LookAtWorkflowsAsync(cancellationToken);
    }

    /// <summary>Reads the next page of open workflows, whatever the time.</summary>
    internal Task LookAtWorkflowsAsync(CancellationToken cancellationToken) => _workflows.MeasureAsync(cancellationToken);
}
