using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Limits.Local;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Rescue;
using JobPipeline.Maintenance.Retention;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance;

/// <summary>
/// Periodic maintenance, run by every instance: rescues the jobs of lost instances, re-sends overdue jobs, applies the retention, and
/// measures gauges. Several instances may run it at the same time.
/// </summary>
public sealed class MaintenanceRunner
{
    private readonly Rescuer _rescue;
    private readonly OverdueSweep _overdue;
    private readonly RetentionSweeper _retention;
    private readonly ErrorGroupSweep _errorGroups;
    private readonly PipelineGauges _gauges;
    private readonly LocalGates _gates;
    private readonly JobMetrics _metrics;
    private readonly string _kind;
    private readonly ILogger<MaintenanceRunner> _logger;

    internal MaintenanceRunner(
        Rescuer rescue,
        OverdueSweep overdue,
        RetentionSweeper retention,
        ErrorGroupSweep errorGroups,
        PipelineGauges gauges,
        LocalGates gates,
        JobMetrics metrics,
        HostKind? kind,
        ILogger<MaintenanceRunner> logger)
    {
        (_rescue, _overdue, _retention, _errorGroups) = (rescue, overdue, retention, errorGroups);
        (_gauges, _gates, _metrics, _logger) = (gauges, gates, metrics, logger);
        _kind = kind?.Name ?? "none";
    }

    /// <summary>
    /// Performs one bounded run. A host calls it every <see cref="MaintenanceOptions.RescueInterval"/>, and again at once if
    /// <see cref="MaintenanceReport.HasMore"/> is true. Throws only when cancelled: a failure of one part is logged, does not affect
    /// the others, and is retried by the next run.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    internal async Task<MaintenanceReport> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The heartbeat of maintenance: an alert fires when it is missing.
        _metrics.Heartbeat(_kind);
        await TryAsync("measurement of gauges", () => MeasureAsync(cancellationToken), cancellationToken);
        var report = new MaintenanceReport(
            await TryAsync("rescue", () => _rescue.RunAsync(now, cancellationToken), cancellationToken),
            await TryAsync("overdue sweep", () => _overdue.RunAsync(now, cancellationToken), cancellationToken),
            await TryAsync("retention", () => _retention.RunAsync(now, cancellationToken), cancellationToken));
        await TryAsync("release turns of limits", () => ReleaseAsync(now, cancellationToken), cancellationToken);
        await TryAsync("error-group sweep", () => _errorGroups.RunAsync(now, cancellationToken), cancellationToken);
        return report;
    }

    /// <summary>Runs the turns that are left over: an instance knows when those of its own gates are due.</summary>
    private async Task<bool> ReleaseAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await _gates.RunDueAsync(now, cancellationToken) > 0;

    private async Task<bool> MeasureAsync(CancellationToken cancellationToken)
    {
        await _gauges.MeasureAsync(cancellationToken);
        return true;
    }

    private async Task<T?> TryAsync<T>(string part, Func<Task<T?>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            MaintenanceLog.Failed(_logger, e, part);
            return default;
        }
    }
}
