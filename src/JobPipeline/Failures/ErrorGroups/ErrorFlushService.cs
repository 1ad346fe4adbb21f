using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Writes the counted failures down at regular intervals, and a last time at the stop. It is started before what takes
/// messages and so stopped after it, when no more failures can come.
/// </summary>
internal sealed class ErrorFlushService(ErrorCounter errors, TimeProvider time, IOptions<ErrorGroupOptions> options) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The host waits no longer than its token: a storage that hangs must not keep the goodbye from being said.
        await errors.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Writes again and again until told to stop.</summary>
    internal async Task KeepFlushingAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(options.Value.FlushInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
                await errors.FlushAsync();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => KeepFlushingAsync(stoppingToken);
}
