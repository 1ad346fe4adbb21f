using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Passes workflow events to the local runner, a batch at a time. Several self-hosts may do so at once.</summary>
internal sealed class WorkflowListener(
    LocalWorkflowRunner runner,
    IJobQueueReceiver queue,
    QueueSignals signals,
    TimeProvider time,
    IOptions<JobPipelineOptions> pipeline,
    IOptions<QueueListenerOptions> options,
    ILogger<WorkflowListener> logger)
    : BackgroundService
{
    private const int BatchSize = 32;

    /// <summary>
    /// The time after which another instance receives the events of a crashed one. If a batch takes longer, its events are applied
    /// twice, which is harmless.
    /// </summary>
    private readonly TimeSpan _visibility = pipeline.Value.Lease;

    private readonly PollingPace _pace = signals.NewPace();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = await TryRunAsync(stoppingToken) is { } received ? _pace.After(received) : _pace.AfterFailure();
                if (pause > TimeSpan.Zero && await signals.Of(WorkflowEvents.Queue).WaitAsync(pause, stoppingToken))
                    _pace.Reset();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Messages that were received but not settled become visible again.
            return;
        }
    }

    private async Task<int?> TryRunAsync(CancellationToken stopping)
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
            ListenerLog.QueueUnreachable(logger, e, WorkflowEvents.Queue, options.Value.MaxPollInterval);
            return null;
        }
    }

    private Task<bool> SettleAsync(QueueDelivery delivery, DateTimeOffset? again) => again is { } until
        ? queue.HideAsync(delivery, until - time.GetUtcNow(), CancellationToken.None)
        : queue.DeleteAsync(delivery, CancellationToken.None);
}
