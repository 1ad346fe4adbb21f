using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Feeds the local runner with the events of workflows, a batch at a time. Several self-hosts may do so.</summary>
internal sealed class WorkflowListener(
    LocalWorkflowRunner runner,
    IJobQueueReceiver queue,
    LaneSignals signals,
    TimeProvider time,
    IOptions<JobPipelineOptions> pipeline,
    IOptions<QueueListenerOptions> options,
    ILogger<WorkflowListener> logger)
    : BackgroundService
{
    private const int BatchSize = 32;

    /// <summary>One that dies gives its events to another after this. Where a batch takes longer, they are applied twice, which does no harm.</summary>
    private readonly TimeSpan _visibility = pipeline.Value.Lease;

    private readonly PollingPace _pace = new(options.Value.MaxPollInterval);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = _pace.After(await TryRunAsync(stoppingToken));
                if (pause > TimeSpan.Zero && await signals.Of(WorkflowEvents.Queue).WaitAsync(pause, stoppingToken))
                    _pace.Reset();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was received and not settled comes back.
            return;
        }
    }

    private async Task<int> TryRunAsync(CancellationToken stopping)
    {
        try
        {
            var deliveries = await queue.ReceiveAsync(WorkflowEvents.Queue, BatchSize, _visibility, CancellationToken.None);
            var again = await runner.RunAsync(deliveries, CancellationToken.None);
            await Task.WhenAll(deliveries.Select((delivery, i) => SettleAsync(delivery, again[i])));
            return deliveries.Count;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            ListenerLog.LaneUnreachable(logger, e, WorkflowEvents.Queue, options.Value.MaxPollInterval);
            return 0;
        }
    }

    private Task<bool> SettleAsync(QueueDelivery delivery, DateTimeOffset? again) => again is { } until
        ? queue.HideAsync(delivery, until - time.GetUtcNow(), CancellationToken.None)
        : queue.DeleteAsync(delivery, CancellationToken.None);
}
