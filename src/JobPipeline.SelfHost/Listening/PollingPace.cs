namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// The delay before the next poll of a queue: none while polls return messages, then doubling up to a maximum, which is higher
/// during a silence. While polls return only jobs that this instance leaves to others, the delay is the maximum, so that the others
/// receive them first.
/// </summary>
/// <param name="longest">The longest delay.</param>
/// <param name="longestInSilence">The longest delay during a silence; has no effect if it is shorter.</param>
/// <param name="silence">The silence of all queues.</param>
internal sealed class PollingPace(TimeSpan longest, TimeSpan longestInSilence, Silence silence)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The number of consecutive messages left to others after which even a poll that returned messages is followed by a delay: the
    /// most that one poll can return.
    /// </summary>
    private const int ManyLeft = 32;

    private TimeSpan _pause = TimeSpan.Zero;
    private int _leftInARow;

    private TimeSpan Longest => longestInSilence > longest && silence.Lasts ? longestInSilence : longest;

    /// <summary>Gets the delay after a poll that returned <paramref name="received"/> messages.</summary>
    public TimeSpan After(int received)
    {
        if (received > 0)
            silence.End();
        var left = Volatile.Read(ref _leftInARow);
        if (left >= ManyLeft || (left > 0 && received == 0))
            UseLongest();
        else if (received > 0)
            _pause = TimeSpan.Zero;
        else if (_pause == TimeSpan.Zero)
            _pause = Shortest;
        else
            _pause = _pause + _pause < Longest ? _pause + _pause : Longest;
        return _pause;
    }

    /// <summary>
    /// Gets the delay after a poll that failed. It is not silence: once the queue can be reached again, what has gathered there is
    /// found soon.
    /// </summary>
    public TimeSpan AfterFailure()
    {
        silence.End();
        return After(0);
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
