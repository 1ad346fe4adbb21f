using JobPipeline.Maintenance;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Timer;

/// <summary>Housekeeping, every 20 seconds on one instance. A round that was missed is not made up for: the next one does the same.</summary>
public sealed class HousekeepingTrigger(Housekeeping housekeeping, TimeProvider time)
{
    [Function("Housekeeping")]
    public Task RunAsync([TimerTrigger("*/20 * * * * *", UseMonitor = false)] TimerInfo timer, CancellationToken cancellationToken) =>
        housekeeping.RunAsync(time.GetUtcNow(), cancellationToken);
}
