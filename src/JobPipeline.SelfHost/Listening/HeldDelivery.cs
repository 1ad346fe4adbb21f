using JobPipeline.Jobs;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// A delivered message that this instance holds. Its receipt changes with every renewal, so renewing and settling exclude each
/// other. It is not renewed any more once it is settled or let go.
/// </summary>
internal sealed class HeldDelivery(
    QueueDelivery delivery, DateTimeOffset hiddenUntil, IJobQueueReceiver queue, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isLetGo;

    public QueueDelivery Delivery { get; } = delivery;

    /// <summary>Gets when the message becomes visible to others unless it is renewed.</summary>
    public DateTimeOffset HiddenUntil { get; private set; } = hiddenUntil;

    /// <summary>Called when the message is let go.</summary>
    public Action? Settled { get; set; }

    /// <summary>Hides the message for <paramref name="visibility"/> from now.</summary>
    public Task RenewAsync(TimeSpan visibility, CancellationToken cancellationToken) => WhileHeldAsync(async () =>
    {
        HiddenUntil = time.GetUtcNow() + visibility;
        // False: another receiver has taken it. The claim protocol prevents a double run, and the message belongs to that receiver.
        _isLetGo = !await queue.HideAsync(Delivery, visibility, cancellationToken);
    });

    /// <summary>Deletes the message from the queue.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) => WhileHeldAsync(async () =>
    {
        await queue.DeleteAsync(Delivery, cancellationToken);
        _isLetGo = true;
    });

    /// <summary>Returns the message to the queue, visible from <paramref name="until"/>.</summary>
    public Task PutBackAsync(DateTimeOffset until, CancellationToken cancellationToken) => WhileHeldAsync(async () =>
    {
        await queue.HideAsync(Delivery, until - time.GetUtcNow(), cancellationToken);
        _isLetGo = true;
    });

    /// <summary>Stops renewing the message, so that it becomes visible by itself.</summary>
    public void LetGo() => _isLetGo = true;

    public void Dispose() => _gate.Dispose();

    private async Task WhileHeldAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_isLetGo)
                await act();
        }
        finally
        {
            _gate.Release();
        }
    }
}
