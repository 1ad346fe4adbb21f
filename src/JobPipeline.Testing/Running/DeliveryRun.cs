using System.Collections.Concurrent;
using JobPipeline.Execution;
using JobPipeline.Jobs;

namespace JobPipeline.Testing.Running;

/// <summary>A message that is being worked on: one job, a pack of them, or the events of workflows.</summary>
/// <param name="delivery">The message; null for events, which answer for their messages themselves.</param>
internal sealed class DeliveryRun(QueueDelivery? delivery)
{
    private readonly ConcurrentDictionary<HandlerRun, bool> _handlers = new();
    private long _active;
    private long _lastActivity = TimeProvider.System.GetTimestamp();

    public QueueDelivery? Delivery { get; } = delivery;

    /// <summary>Its end; null for events.</summary>
    public Task<DeliveryResult?> Work { get; set; } = Task.FromResult<DeliveryResult?>(null);

    /// <summary>The handlers that have begun and not ended.</summary>
    public IEnumerable<HandlerRun> Handlers => _handlers.Keys;

    /// <summary>True while its code runs on some thread.</summary>
    public bool IsActive => Interlocked.Read(ref _active) > 0;

    /// <summary>How long nothing of it has run, or has begun to run, in real time.</summary>
    public TimeSpan Quiet => TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _lastActivity));

    public void Begin(HandlerRun handler) => _handlers[handler] = true;

    public void End(HandlerRun handler) => _handlers.TryRemove(handler, out _);

    public void Enter()
    {
        Interlocked.Increment(ref _active);
        Touch();
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _active);
        Touch();
    }

    public void Touch() => Interlocked.Exchange(ref _lastActivity, TimeProvider.System.GetTimestamp());
}
