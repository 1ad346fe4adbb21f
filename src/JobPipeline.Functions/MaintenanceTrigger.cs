using JobPipeline.Functions.Durable;
using JobPipeline.Maintenance;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions;

/// <summary>
/// Runs the maintenance every 20 seconds on one instance. A missed run needs no catch-up, because the next one does the same.
/// </summary>
public sealed class MaintenanceTrigger(MaintenanceRunner housekeeping, DurableClients clients, TimeProvider time)
{
    [Function("Housekeeping")]
    public Task RunAsync(
        [TimerTrigger("*/20 * * * * *", UseMonitor = false)] TimerInfo timer,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        // Maintenance deletes old workflow instances together with their orchestrations, which needs the client.
        clients.Use(durable);
        return housekeeping.RunAsync(time.GetUtcNow(), cancellationToken);
    }
}
