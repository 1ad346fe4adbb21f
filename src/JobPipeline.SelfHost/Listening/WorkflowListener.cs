using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Passes workflow events to the local runner. Batches overlap, so an instance with slow events does not hold up the others. Several
/// self-hosts may do so at once.
/// </summary>
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

    /// <summary>The maximum number of batches that are applied at the same time.</summary>
    private const int BatchesAtATime = 4;

    /// <summary>
    /// The time after which another instance receives the events of a crashed one. If a batch takes longer, its events are applied
    /// twice, which is harmless.
    /// </summary>
    private readonly TimeSpan _visibility = pipeline.Value.Lease;

    private readonly PollingPace _pace = signals.NewPace(WorkflowEvents.Queue);
    private readonly SemaphoreSlim _room = new(BatchesAtATime);

    public override void Dispose()
    {
        _room.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _room.WaitAsync(stoppingToken);
                var deliveries = await TryReceiveAsync();
                if (deliveries is not { Count: > 0 })
                    _room.Release();
                else
                    _ = Task.Run(() => ApplyAsync(deliveries), CancellationToken.None);
                var pause = deliveries is null ? _pace.AfterFailure() : _pace.After(deliveries.Count);
                if (pause > TimeSpan.Zero && await signals.Of(WorkflowEvents.Queue).WaitAsync(pause, stoppingToken))
                    _pace.Reset();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Messages that were received but not settled become visible again.
            return;
        }
        finally
        {
            for (var batch = 0; batch < BatchesAtATime; batch++)
                await _room.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Returns null if the queue can't be reached.</summary>
    private async Task<IReadOnlyList<QueueDelivery>?> TryReceiveAsync()
    {
        try
        {
            return await queue.ReceiveAsync(WorkflowEvents.Queue, BatchSize, _visibility, CancellationToken.None);
        }
        catch (Exception e)
        {
            ListenerLog.QueueUnreachable(logger, e, WorkflowEvents.Queue, options.Value.MaxPollInterval);
            return null;
        }
    }

    private async Task ApplyAsync(IReadOnlyList<QueueDelivery> deliveries)
    {
        try
        {
            var again = await runner.RunAsync(deliveries, CancellationToken.None);
            await Task.WhenAll(deliveries.Select((delivery, i) => SettleAsync(delivery, again[i])));
        }
        catch (Exception e)
        {
            // They become visible again.
            ListenerLog.QueueUnreachable(logger, e, WorkflowEvents.Queue, _visibility);
        }
        finally
        {
            _room.Release();
        }
    }

    private Task<bool> SettleAsync(QueueDelivery delivery, DateTimeOffset? again) => again is { } until
        ? queue.HideAsync(delivery, until - time.GetUtcNow(), CancellationToken.None)
        : queue.DeleteAsync(delivery, CancellationToken.None);
}
