namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>Runs everything that awaits on one thread, in an order that depends on nothing but the code and the seed.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly int _owner = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        Assert.Equal(_owner, Environment.CurrentManagedThreadId);
        _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what was posted, and what that posts, until nothing is left.</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out var next))
            next.Callback(next.State);
    }
}
