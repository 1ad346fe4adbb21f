using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Fetches the messages of one queue into the backlog, in batches, whenever few enough are waiting, the queue is not paused, and memory
/// lets a message start.
/// </summary>
internal sealed class QueuePoller(
    string queueName,
    IJobQueueReceiver queue,
    Backlog backlog,
    VisibilityKeeper keeper,
    QueueSignal signal,
    PollingPace pace,
    QueuePause gate,
    ResourceGovernor governor,
    IOptions<QueueListenerOptions> options,
    TimeProvider time,
    ILogger logger)
{
    private bool _isFailing;
    private long _emptiedAt;

    public string Queue => queueName;

    /// <summary>When a poll last returned fewer messages than were asked for: all that were visible.</summary>
    public DateTimeOffset EmptiedAt => new(Volatile.Read(ref _emptiedAt), TimeSpan.Zero);

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (await gate.WaitForResumeAsync(stopping))
                    pace.Reset();
                await backlog.WaitForRoomAsync(queueName, options.Value.NewBatchThreshold, stopping);
                // Messages that can't start here are left to other instances.
                if (await governor.WaitForIntakeAsync(stopping))
                    pace.Reset();
                var pause = await FetchAsync(stopping) is { } received ? pace.After(received) : pace.AfterFailure();
                if (pause > TimeSpan.Zero && await signal.WaitAsync(pause, stopping))
                    pace.Reset();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ListenerLog.QueueStopped(logger, queueName);
        }
    }

    /// <inheritdoc cref="PollingPace.Settled"/>
    public void Settled(bool isLeft) => pace.Settled(isLeft);

    /// <summary>Returns the number of messages received; null if the queue can't be reached.</summary>
    private async Task<int?> FetchAsync(CancellationToken stopping)
    {
        try
        {
            var now = time.GetUtcNow();
            // Not cancelled midway, because messages already handed out would stay hidden for nothing.
            var deliveries = await queue.ReceiveAsync(queueName, options.Value.BatchSize, keeper.Visibility, CancellationToken.None);
            foreach (var delivery in deliveries)
                backlog.Add(queueName, keeper.Hold(delivery, now));
            if (deliveries.Count < options.Value.BatchSize)
                Volatile.Write(ref _emptiedAt, now.UtcTicks);
            await gate.GiveBackAsync();
            if (_isFailing)
                ListenerLog.QueueRecovered(logger, queueName);
            _isFailing = false;
            return deliveries.Count;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            if (!_isFailing)
                ListenerLog.QueueUnreachable(logger, e, queueName, options.Value.MaxPollInterval);
            _isFailing = true;
            return null;
        }
    }
}
