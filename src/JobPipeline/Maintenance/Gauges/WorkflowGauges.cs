using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>
/// Counts open and stuck workflow instances, page by page: a call reads one page and a bounded number of workflow instances, however
/// many there are. The gauges report the last complete round.
/// </summary>
internal sealed class WorkflowGauges
{
    private const int PageSize = IWorkflowStore.MaxLimit;

    /// <summary>The number of workflow instances that one call reads to check whether they are stuck; each is one operation.</summary>
    private const int ReadsPerCall = 20;

    /// <summary>The number of calls that a round may take; the result of a longer round is outdated.</summary>
    private const int CallsPerRound = 60;

    private readonly IWorkflowStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stuckAfter;
    private readonly LatestMeasurement<WorkflowCount> _last;
    private readonly Queue<WorkflowSummary> _suspects = [];
    private WorkflowCount _round = new();
    private int _status;
    private string? _cursor;

    public WorkflowGauges(IWorkflowStore store, JobMetrics metrics, TimeProvider time, GaugeOptions options)
    {
        (_store, _time, _stuckAfter) = (store, time, options.StuckAfter);
        _last = new LatestMeasurement<WorkflowCount>(time, options.Interval * CallsPerRound);
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.workflows.open",
            States,
            "{workflow}",
            "Workflow instances that have not ended, by state");
        metrics.Meter.CreateObservableGauge(
            "jobpipeline.workflows.stuck",
            Stuck,
            "{workflow}",
            "Workflow instances that have made no progress for long and wait neither for an event nor for a time");
    }

    /// <summary>Reads the next page. Must not be called concurrently.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_suspects.Count == 0)
            await ReadPageAsync(cancellationToken);
        for (var reads = 0; reads < ReadsPerCall && _suspects.TryDequeue(out var suspect); reads++)
        {
            if (await _store.ReadAsync(suspect.Id, cancellationToken) is { } instance
                && WorkflowProgress.IsStuck(instance, _time.GetUtcNow(), _stuckAfter))
            {
                _round.AddStuck();
            }
        }

        if (_suspects.Count > 0 || _status < WorkflowCount.Open.Count)
            return;
        _last.Set(_round);
        (_round, _status) = (new WorkflowCount(), 0);
    }

    private async Task ReadPageAsync(CancellationToken cancellationToken)
    {
        var page = await _store.ListAsync(new WorkflowFilter(Status: WorkflowCount.Open[_status]), _cursor, PageSize, cancellationToken);
        var old = _time.GetUtcNow() - _stuckAfter;
        foreach (var instance in page.Instances)
        {
            _round.Add(instance);
            if (instance.IsStalled)
                _round.AddStuck();
            else if (!instance.IsSuspended && instance.CreatedAt < old)
                _suspects.Enqueue(instance);
        }

        _cursor = page.Next;
        if (_cursor is null)
            _status++;
    }

    private IEnumerable<Measurement<long>> States() =>
        _last.Value?.States.Select(state =>
            new Measurement<long>(state.Value, new KeyValuePair<string, object?>(AttributeNames.WorkflowState, state.Key))) ?? [];

    private IEnumerable<Measurement<long>> Stuck() => _last.Value is { } count ? [new Measurement<long>(count.Stuck)] : [];
}
