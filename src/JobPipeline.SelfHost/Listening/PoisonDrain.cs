using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Drains the poison queues: a message that a Functions host gave up on becomes a dead letter, unless the job's record states
/// otherwise.
/// </summary>
internal sealed class PoisonDrain(
    DeliveryExecutor executor,
    IJobQueueReceiver queue,
    TimeProvider time,
    IOptions<QueueListenerOptions> options,
    IOptions<JobPipelineOptions> pipeline,
    ILogger<PoisonDrain> logger)
    : BackgroundService
{
    private const int MaxBatch = 32;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var queueName in PriorityQueues.Received)
                await DrainAsync(PriorityQueues.PoisonOf(queueName), stoppingToken);
            await Task.Delay(options.Value.PoisonPollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DrainAsync(string poison, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var deliveries = await queue.ReceiveAsync(poison, MaxBatch, pipeline.Value.Lease, CancellationToken.None);
                foreach (var delivery in deliveries)
                    await DrainAsync(delivery);
                if (deliveries.Count < MaxBatch)
                    return;
            }
        }
        catch (Exception e)
        {
            ListenerLog.DrainFailed(logger, e, poison, options.Value.PoisonPollInterval);
        }
    }

    private async Task DrainAsync(QueueDelivery delivery)
    {
        var result = await executor.DrainAsync(delivery, new DeliveryTerms(CancellationToken.None));
        if (result.PutBackUntil is { } until)
        {
            await queue.HideAsync(delivery, until - time.GetUtcNow(), CancellationToken.None);
            return;
        }

        await queue.DeleteAsync(delivery, CancellationToken.None);
        ListenerLog.Drained(logger, delivery.MessageId, delivery.Queue);
    }
}
