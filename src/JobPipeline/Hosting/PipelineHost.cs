using Microsoft.Extensions.Hosting;

namespace JobPipeline.Hosting;

/// <summary>Runs a host of the pipeline.</summary>
public static class PipelineHost
{
    /// <summary>
    /// Starts the host and waits until it is requested to stop. If a service fails to start, stops those that already run, which
    /// a host does not do by itself: the instance is recorded as stopped, so that no alert reports it as missing.
    /// </summary>
    /// <param name="host">The host. It is not disposed.</param>
    /// <param name="started">Called when all services have started.</param>
    /// <param name="cancellationToken">Stops the host.</param>
    /// <exception cref="Exception">A service failed to start.</exception>
    public static async Task RunPipelineAsync(this IHost host, Action? started = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await StopAsync(host);
            throw;
        }

        started?.Invoke();
        await host.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>
    /// Stops the host and ignores errors: a service that never ran may fail to stop, and the start-up error is the one to report.
    /// </summary>
    private static async Task StopAsync(IHost host)
    {
        try
        {
            await host.StopAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            System.Diagnostics.Debug.WriteLine(e);
        }
    }
}
