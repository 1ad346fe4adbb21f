using JobPipeline.Jobs;

namespace JobPipeline.SelfHost.Listening;

/// <summary>Sends messages and wakes this process's listener.</summary>
internal sealed class SignallingJobQueue(IJobQueue inner, QueueSignals signals, TimeProvider time) : IJobQueue
{
    public async Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        await inner.SendAsync(queue, body, delay, cancellationToken);
        // The service counts whole seconds, rounded up.
        signals.WakeAt(queue, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Ceiling(delay.TotalSeconds)));
    }
}
