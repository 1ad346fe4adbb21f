using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;

namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// Puts the messages of new jobs straight into the backlog of this process: they are sent hidden, as if they had just been received. If
/// the process dies, they become visible after the lease. Only when nothing suggests that older messages wait: the last poll of the queue
/// was not full and is recent, the backlog has room, and at most half of the slots are used in this way.
/// </summary>
internal sealed class OwnDelivery(IJobQueueReceiver queue, VisibilityKeeper keeper, PauseRegistry pauses, TimeProvider time) : IOwnDelivery
{
    /// <summary>The age up to which a poll that was not full shows that no older messages wait.</summary>
    private static readonly TimeSpan RecentPoll = TimeSpan.FromSeconds(1);

    private volatile IOwnSlots? _slots;
    private int _count;

    /// <summary>Called when the listener starts.</summary>
    public void Open(IOwnSlots slots) => _slots = slots;

    /// <summary>Called when the listener stops: nothing is kept from then on.</summary>
    public void Close() => _slots = null;

    /// <inheritdoc/>
    public async Task<bool> TrySendAsync(string name, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (_slots is not { } slots || !slots.HasRoomFor(name, RecentPoll) || pauses.Find(PauseTarget.Queue, name) is not null)
            return false;
        if (Interlocked.Increment(ref _count) > slots.Capacity / 2)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        try
        {
            var sentAt = time.GetUtcNow();
            var delivery = await queue.SendHeldAsync(name, body, keeper.Visibility, cancellationToken);
            var held = keeper.Hold(delivery, sentAt);
            held.Settled = () => Interlocked.Decrement(ref _count);
            // The listener may have stopped meanwhile. The message is sent in any case.
            if (!slots.TryAdd(held))
                await slots.GiveBackAsync(held);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }
}
