using System.Collections.Concurrent;
using JobPipeline.Execution;
using JobPipeline.Jobs;

namespace JobPipeline.Testing.Running;

/// <summary>A delivery that is being processed: one job, a pack of jobs, or workflow events.</summary>
/// <param name="delivery">The delivery; null for workflow events, which settle their own messages.</param>
internal sealed class DeliveryRun(QueueDelivery? delivery)
{
    private readonly ConcurrentDictionary<HandlerRun, bool> _handlers = new();
    private long _active;
    private long _lastActivity = TimeProvider.System.GetTimestamp();

    public QueueDelivery? Delivery { get; } = delivery;

    /// <summary>Its end; null for events.</summary>
    public Task<DeliveryResult?> Work { get; set; } = Task.FromResult<DeliveryResult?>(null);

    /// <summary>The handlers that are running.</summary>
    public IEnumerable<HandlerRun> Handlers => _handlers.Keys;

    /// <summary>Whether code of this delivery is running on a thread.</summary>
    public bool IsActive => Interlocked.Read(ref _active) > 0;

    /// <summary>How long, in real time, no code of this delivery has started or stopped running.</summary>
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
