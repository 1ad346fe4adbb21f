using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>
/// Evaluates the alert rules at regular intervals. A failed evaluation is logged, unless the previous one also failed, and retried by
/// the next one.
/// </summary>
internal sealed class AlertMonitor(
    Lazy<AlertWatch> watch, TimeProvider time, IOptions<AlertOptions> options, ILogger<AlertMonitor> logger) : BackgroundService
{
    private bool _isFailing;

    /// <summary>Starts listening before the host receives its first message.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
            _ = watch.Value;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Enabled && !stoppingToken.IsCancellationRequested)
        {
            await TryRoundAsync(stoppingToken);
            await Task.Delay(options.Value.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryRoundAsync(CancellationToken stopping)
    {
        try
        {
            await watch.Value.RoundAsync(stopping);
            _isFailing = false;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            if (!_isFailing)
                AlertLog.RoundFailed(logger, e, options.Value.Interval);
            _isFailing = true;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The next evaluation, on any instance, decides again on unwritten changes.
            return;
        }
    }
}
