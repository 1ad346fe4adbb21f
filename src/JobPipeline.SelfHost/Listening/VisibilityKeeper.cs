using System.Collections.Concurrent;
using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Keeps held messages hidden. The visibility timeout equals the lease and is renewed at half of it, so that a worker's crash
/// is noticed within its lease.
/// </summary>
internal sealed class VisibilityKeeper(
    IJobQueueReceiver queue,
    WaitingMessages waiting,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    ILogger<VisibilityKeeper> logger) : IDisposable
{
    private const int Rounds = 6;
    private const int RenewalsAtATime = 16;

    private readonly ConcurrentDictionary<HeldDelivery, IDisposable> _held = new();
    private ITimer? _timer;

    public TimeSpan Visibility { get; } = options.Value.Lease;

    public void Start() => _timer = time.CreateTimer(_ => _ = RenewAllAsync(), null, Visibility / Rounds, Visibility / Rounds);

    /// <summary>Starts to keep a message hidden that was received at <paramref name="receivedAt"/> or later.</summary>
    public HeldDelivery Hold(QueueDelivery delivery, DateTimeOffset receivedAt)
    {
        var held = new HeldDelivery(delivery, receivedAt + Visibility, queue, time);
        _held[held] = waiting.Enter(delivery);
        return held;
    }

    /// <summary>Marks that the message is no longer waiting and is now processed.</summary>
    public void Begin(HeldDelivery held)
    {
        if (_held.TryGetValue(held, out var wait))
            wait.Dispose();
    }

    public void Release(HeldDelivery held)
    {
        held.LetGo();
        if (!_held.TryRemove(held, out var wait))
            return;
        wait.Dispose();
        held.Settled?.Invoke();
    }

    public void Dispose() => _timer?.Dispose();

    private async Task RenewAllAsync()
    {
        var soon = time.GetUtcNow() + (Visibility / 2);
        var due = _held.Keys.Where(held => held.HiddenUntil <= soon);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = RenewalsAtATime }, async (held, _) =>
        {
            try
            {
                await held.RenewAsync(Visibility, CancellationToken.None);
            }
            catch (Exception e)
            {
                ListenerLog.RenewalFailed(logger, e, held.Delivery.MessageId, held.Delivery.Queue);
            }
        });
    }
}
