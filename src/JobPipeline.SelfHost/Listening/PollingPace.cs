namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// The delay before the next poll of a queue: none while polls return messages, then doubling up to a maximum. While polls
/// return only jobs that this instance leaves to others, the delay is the maximum, so that the others receive them first.
/// </summary>
internal sealed class PollingPace(TimeSpan longest)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The number of consecutive messages left to others after which even a poll that returned messages is followed by a delay: the
    /// most that one poll can return.
    /// </summary>
    private const int ManyLeft = 32;

    private TimeSpan _pause = TimeSpan.Zero;
    private int _leftInARow;

    /// <summary>Gets the delay after a poll that returned <paramref name="received"/> messages.</summary>
    public TimeSpan After(int received)
    {
        var left = Volatile.Read(ref _leftInARow);
        if (left >= ManyLeft || (left > 0 && received == 0))
            UseLongest();
        else if (received > 0)
            _pause = TimeSpan.Zero;
        else if (_pause == TimeSpan.Zero)
            _pause = Shortest;
        else
            _pause = _pause + _pause < longest ? _pause + _pause : longest;
        return _pause;
    }

    /// <summary>Records that a message was processed. Thread-safe.</summary>
    /// <param name="isLeft">Whether it was left to other instances.</param>
    public void Settled(bool isLeft)
    {
        if (isLeft)
            Interlocked.Increment(ref _leftInARow);
        else
            Volatile.Write(ref _leftInARow, 0);
    }

    /// <summary>Restores the shortest delay, because there is a message to receive.</summary>
    public void Reset() => _pause = TimeSpan.Zero;

    private void UseLongest()
    {
        Volatile.Write(ref _leftInARow, 0);
        _pause = longest;
    }
}
