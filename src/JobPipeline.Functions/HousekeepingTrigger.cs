using JobPipeline.Functions.Durable;
using JobPipeline.Maintenance;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions;

/// <summary>Housekeeping, every 20 seconds on one instance. A round that was missed is not made up for: the next one does the same.</summary>
public sealed class HousekeepingTrigger(Housekeeping housekeeping, DurableClients clients, TimeProvider time)
{
    [Function("Housekeeping")]
    public Task RunAsync(
        [TimerTrigger("*/20 * * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        // Old workflows are removed, their orchestrations with them.
        clients.Use(durable);
        return housekeeping.RunAsync(time.GetUtcNow(), cancellationToken);
    }
}
