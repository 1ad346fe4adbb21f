using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Rescue;
using JobPipeline.Maintenance.Retention;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance;

/// <summary>
/// What has to be done from time to time by whichever instance is there: looks after the jobs of instances that are gone
/// and those that nobody has seen, removes what is over its retention, and measures. Several instances may run it at the same time.
/// </summary>
public sealed class Housekeeping
{
    private readonly Rescuer _rescue;
    private readonly OverdueSweep _overdue;
    private readonly RetentionSweeper _retention;
    private readonly ErrorGroupSweep _errorGroups;
    private readonly PipelineGauges _gauges;
    private readonly JobMetrics _metrics;
    private readonly string _kind;
    private readonly ILogger<Housekeeping> _logger;

    internal Housekeeping(
        Rescuer rescue, OverdueSweep overdue, RetentionSweeper retention, ErrorGroupSweep errorGroups, PipelineGauges gauges, JobMetrics metrics, HostKind? kind, ILogger<Housekeeping> logger)
    {
        (_rescue, _overdue, _retention, _errorGroups, _gauges, _metrics, _logger) = (rescue, overdue, retention, errorGroups, gauges, metrics, logger);
        _kind = kind?.Name ?? "none";
    }

    /// <summary>
    /// One bounded run: a host calls it every <see cref="HousekeepingOptions.RescueInterval"/>, and again at once when the
    /// report says so. Throws only when cancelled: a part that fails is logged, leaves the others alone and is tried again
    /// by the next run.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HousekeepingReport> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The timer's beat: an alert tells when it is missing.
        _metrics.Heartbeat(_kind);
        await TryAsync("measuring", () => MeasureAsync(cancellationToken), cancellationToken);
        var report = new HousekeepingReport(
            await TryAsync("rescue", () => _rescue.RunAsync(now, cancellationToken), cancellationToken),
            await TryAsync("look for overdue jobs", () => _overdue.RunAsync(now, cancellationToken), cancellationToken),
            await TryAsync("retention", () => _retention.RunAsync(now, cancellationToken), cancellationToken));
        await TryAsync("removal of old error groups", () => _errorGroups.RunAsync(now, cancellationToken), cancellationToken);
        return report;
    }

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
            HousekeepingLog.Failed(_logger, e, part);
            return default;
        }
    }
}
