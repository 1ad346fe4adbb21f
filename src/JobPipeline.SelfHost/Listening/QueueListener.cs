using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.Limits.Pauses;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Receives messages from the three priority queues and executes them, a limited number at a time. On shutdown it stops
/// receiving, returns waiting messages, lets running handlers complete within the grace period and then cancels them. Handlers
/// that still do not end are abandoned, and their leases expire.
/// </summary>
internal sealed class QueueListener : BackgroundService, IOwnSlots
{
    /// <summary>The time that cancelled handlers have to record their outcomes.</summary>
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(5);

    private readonly DeliveryExecutor _executor;
    private readonly VisibilityKeeper _keeper;
    private readonly QueueSignals _signals;
    private readonly OwnDelivery _own;
    private readonly ResourceGovernor _governor;
    private readonly int _threshold;
    private readonly TimeProvider _time;
    private readonly JobPipelineOptions _pipeline;
    private readonly ILogger<QueueListener> _logger;
    private readonly RunningDeliveries _running;
    private readonly Backlog _backlog;
    private readonly QueuePoller[] _pollers;
    private readonly QueuePause[] _pauses;
    private readonly CancellationTokenSource _graceOver = new();

    public QueueListener(
        DeliveryExecutor executor,
        IJobQueueReceiver queue,
        VisibilityKeeper keeper,
        QueueSignals signals,
        PauseRegistry pauses,
        OwnDelivery own,
        ResourceGovernor governor,
        TimeProvider time,
        IOptions<QueueListenerOptions> options,
        IOptions<JobPipelineOptions> pipeline,
        ILogger<QueueListener> logger)
    {
        (_executor, _keeper, _signals, _own, _time, _pipeline, _logger) = (executor, keeper, signals, own, time, pipeline.Value, logger);
        _governor = governor;
        var listener = options.Value;
        _threshold = listener.NewBatchThreshold;
        _running = new RunningDeliveries(listener.MaxConcurrency, governor);
        _backlog = new Backlog(
            [(PriorityQueues.Ready, listener.HighWeight), (PriorityQueues.High, listener.HighWeight),
                (PriorityQueues.Normal, listener.NormalWeight),
                (PriorityQueues.Low, listener.LowWeight)]);
        _pauses =
        [
            .. PriorityQueues.Received.Select(
                queueName => new QueuePause(queueName, pauses, _backlog, held => SettleAsync(held, _time.GetUtcNow()), logger)),
        ];
        _pollers =
        [
            .. PriorityQueues.Received.Zip(
                _pauses, (queueName, pause) =>
                    new QueuePoller(
                        queueName, queue, _backlog, keeper, signals.Of(queueName), signals.NewPace(queueName), pause, governor,
                        options, time, logger)),
        ];
    }

    /// <summary>Gets whether the listener is running: from the start until the host stops.</summary>
    public bool IsListening => ExecuteTask is { IsCompleted: false };

    /// <inheritdoc/>
    public int Capacity => _running.Capacity;

    /// <inheritdoc/>
    public bool HasRoomFor(string queue, TimeSpan recent) =>
        Array.Find(_pollers, poller => poller.Queue == queue) is { } poller
        && poller.EmptiedAt >= _time.GetUtcNow() - recent
        && _backlog.Count(queue) <= _threshold
        && !_governor.IsIntakeClosed;

    /// <inheritdoc/>
    public bool TryAdd(HeldDelivery held) => _backlog.TryAdd(held.Delivery.Queue, held);

    /// <inheritdoc/>
    public Task GiveBackAsync(HeldDelivery held) => SettleAsync(held, _time.GetUtcNow());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ListenerLog.Started(_logger, string.Join(", ", PriorityQueues.Received), _running.Capacity);
        _keeper.Start();
        _own.Open(this);
        await Task.WhenAll(
            [
                DispatchAsync(stoppingToken),
                .. _pollers.Select(poller => poller.RunAsync(stoppingToken)),
                .. _pauses.Select(pause => pause.WatchAsync(stoppingToken)),
            ]);
        _own.Close();
        var waiting = _backlog.Close();
        ListenerLog.Stopping(_logger, _running.Count, _pipeline.ShutdownGrace, waiting.Count);
        await Task.WhenAll(waiting.Select(held => SettleAsync(held, _time.GetUtcNow())));
        await EndRunningAsync();
    }

    public override void Dispose()
    {
        _graceOver.Dispose();
        _backlog.Dispose();
        base.Dispose();
    }

    private async Task DispatchAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                // Waits for the slot first, so that the queue is chosen when there is room.
                await _running.StartNextAsync(ProcessAsync, _backlog, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ProcessAsync(HeldDelivery held)
    {
        try
        {
            _keeper.Begin(held);
            var result = await _executor.ExecuteAsync(held.Delivery, new DeliveryTerms(_graceOver.Token));
            _pollers.First(poller => poller.Queue == held.Delivery.Queue).Settled(result.IsLeftToOthers);
            await SettleAsync(held, result.PutBackUntil, wakes: !result.IsLeftToOthers);
        }
        catch (Exception e)
        {
            ListenerLog.DeliveryFailed(_logger, e, held.Delivery.MessageId, held.Delivery.Queue);
            _keeper.Release(held);
        }
    }

    /// <param name="held">The message.</param>
    /// <param name="putBackUntil">When the message becomes visible again; null to delete it.</param>
    /// <param name="wakes">Whether this instance polls for it when it becomes visible again.</param>
    private async Task SettleAsync(HeldDelivery held, DateTimeOffset? putBackUntil, bool wakes = true)
    {
        try
        {
            if (putBackUntil is not { } until)
            {
                await held.AcknowledgeAsync(CancellationToken.None);
                return;
            }

            await held.PutBackAsync(until, CancellationToken.None);
            if (wakes)
                _signals.WakeAt(held.Delivery.Queue, until);
        }
        catch (Exception e)
        {
            ListenerLog.DeliveryFailed(_logger, e, held.Delivery.MessageId, held.Delivery.Queue);
        }
        finally
        {
            _keeper.Release(held);
        }
    }

    private async Task EndRunningAsync()
    {
        if (!await _running.WaitForAllAsync(_pipeline.ShutdownGrace, _time))
        {
            ListenerLog.GraceOver(_logger, _running.Count);
            await _graceOver.CancelAsync();
            if (!await _running.WaitForAllAsync(_pipeline.AbandonAfter + RecordingTime, _time))
            {
                ListenerLog.LeftBehind(_logger, _running.Count);
                return;
            }
        }

        ListenerLog.Stopped(_logger);
    }
}
