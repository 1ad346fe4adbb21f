using Microsoft.Extensions.Hosting;

namespace JobPipeline.Hosting;

/// <summary>Runs a host that takes part in a pipeline.</summary>
public static class PipelineHost
{
    /// <summary>
    /// Starts the host and waits until it is told to stop. Where a service fails to start, those that run already are
    /// stopped, which a host does not do by itself: the instance says goodbye, so that no alert misses it later.
    /// </summary>
    /// <param name="host">The host. It is not disposed of.</param>
    /// <param name="started">Called when everything runs.</param>
    /// <param name="cancellationToken">Stops the host.</param>
    /// <exception cref="Exception">What kept a service from starting.</exception>
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

    /// <summary>A service that never ran may refuse to stop; the reason for ending is the start's.</summary>
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
