using JobPipeline.Jobs;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// A message in hand. Its receipt changes with every renewal, so renewing and settling take turns; once settled, or let go
/// of, it is not renewed any more.
/// </summary>
internal sealed class HeldDelivery(QueueDelivery delivery, DateTimeOffset hiddenUntil, IJobQueueReceiver queue, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isLetGo;

    public QueueDelivery Delivery { get; } = delivery;

    /// <summary>The message becomes visible to others then, unless renewed.</summary>
    public DateTimeOffset HiddenUntil { get; private set; } = hiddenUntil;

    /// <summary>Hides it for <paramref name="visibility"/> from now.</summary>
    public Task RenewAsync(TimeSpan visibility, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        HiddenUntil = time.GetUtcNow() + visibility;
        // Taken by another receiver meanwhile: the claim protocol keeps the two apart, and the message is theirs.
        _isLetGo = !await queue.HideAsync(Delivery, visibility, cancellationToken);
    });

    /// <summary>Removes it from the queue.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        await queue.DeleteAsync(Delivery, cancellationToken);
        _isLetGo = true;
    });

    /// <summary>Gives it back, to be seen again from <paramref name="until"/>.</summary>
    public Task PutBackAsync(DateTimeOffset until, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        await queue.HideAsync(Delivery, until - time.GetUtcNow(), cancellationToken);
        _isLetGo = true;
    });

    /// <summary>Leaves it to come back by itself.</summary>
    public void LetGo() => _isLetGo = true;

    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> act)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_isLetGo)
                await act();
        }
        finally
        {
            _turn.Release();
        }
    }
}
