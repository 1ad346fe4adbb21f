using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Writes the counted failures at regular intervals, and once more on shutdown. It is started before the services that receive
/// messages, and therefore stopped after them, when no more failures can occur.
/// </summary>
internal sealed class ErrorFlushService(ErrorCounter errors, TimeProvider time, IOptions<ErrorGroupOptions> options) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Waits no longer than the host's token, so that a hanging storage does not prevent the final heartbeat from being written.
        await errors.FlushAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Flushes repeatedly until cancelled.</summary>
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
