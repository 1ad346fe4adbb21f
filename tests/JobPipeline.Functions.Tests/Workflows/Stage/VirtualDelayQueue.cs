using JobPipeline.Jobs;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>
/// Real queues in virtual time: delayed messages are sent, and hidden messages become visible, when the virtual clock has
/// reached their time.
/// </summary>
internal sealed class VirtualDelayQueue(IJobQueue sender, IJobQueueReceiver receiver, TimeProvider time) : IJobQueue, IJobQueueReceiver
{
    /// <summary>Longer than any test, so that no message becomes visible by itself.</summary>
    private static readonly TimeSpan Hidden = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset Due, Func<Task> Release)> _held = [];

    /// <summary>The time at which the next message is due, or null if none is held.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _held.Count == 0 ? null : _held.Min(held => held.Due);
            }
        }
    }

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
            return sender.SendAsync(queue, body, TimeSpan.Zero, cancellationToken);
        var copy = body.ToArray();
        Hold(delay, () => sender.SendAsync(queue, copy, TimeSpan.Zero, CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        foreach (var release in TakeDue())
            await release();
        return await receiver.ReceiveAsync(queue, max, Hidden, cancellationToken);
    }

    public Task<QueueDelivery> SendHeldAsync(
        string queue, ReadOnlyMemory<byte> body, TimeSpan visibility, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Hosts with virtual time receive their messages.");

    public async Task<bool> HideAsync(QueueDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken)
    {
        if (visibility <= TimeSpan.Zero)
            return await receiver.HideAsync(delivery, TimeSpan.Zero, cancellationToken);
        if (!await receiver.HideAsync(delivery, Hidden, cancellationToken))
            return false;
        Hold(visibility, () => receiver.HideAsync(delivery, TimeSpan.Zero, CancellationToken.None));
        return true;
    }

    public Task<bool> DeleteAsync(QueueDelivery delivery, CancellationToken cancellationToken) =>
        receiver.DeleteAsync(delivery, cancellationToken);

    private void Hold(TimeSpan delay, Func<Task> release)
    {
        var due = time.GetUtcNow() + (delay < JobLimits.MaxHop ? delay : JobLimits.MaxHop);
        lock (_lock)
        {
            _held.Add((due, release));
        }
    }

    private List<Func<Task>> TakeDue()
    {
        lock (_lock)
        {
            if (!_held.Exists(IsDue))
                return [];
            List<Func<Task>> due = [.. _held.Where(IsDue).OrderBy(held => held.Due).Select(held => held.Release)];
            _held.RemoveAll(IsDue);
            return due;
        }
    }

    private bool IsDue((DateTimeOffset Due, Func<Task> Release) held) => held.Due <= time.GetUtcNow();
}
