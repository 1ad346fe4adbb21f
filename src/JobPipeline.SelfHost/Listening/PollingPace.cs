namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// How long to wait before the next look at a queue: not at all while it gives, then twice as long each time up to a bound. While
/// it gives nothing but jobs that this instance leaves to others, the pause is the longest: the others are to get to them first.
/// </summary>
internal sealed class PollingPace(TimeSpan longest)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>As many in a row as one look can bring: then a look that brought something is followed by a pause, too.</summary>
    private const int ManyLeft = 32;

    private TimeSpan _pause = TimeSpan.Zero;
    private int _leftInARow;

    /// <summary>The pause after a look that brought so many messages.</summary>
    public TimeSpan After(int received)
    {
        var left = Volatile.Read(ref _leftInARow);
        if (left >= ManyLeft || (left > 0 && received == 0))
            Rest();
        else if (received > 0)
            _pause = TimeSpan.Zero;
        else if (_pause == TimeSpan.Zero)
            _pause = Shortest;
        else
            _pause = _pause + _pause < longest ? _pause + _pause : longest;
        return _pause;
    }

    /// <summary>A message was worked on. Thread-safe.</summary>
    /// <param name="isLeft">True: it was left to other instances.</param>
    public void Settled(bool isLeft)
    {
        if (isLeft)
            Interlocked.Increment(ref _leftInARow);
        else
            Volatile.Write(ref _leftInARow, 0);
    }

    /// <summary>Somebody knows of work: look often again.</summary>
    public void Reset() => _pause = TimeSpan.Zero;

    private void Rest()
    {
        Volatile.Write(ref _leftInARow, 0);
        _pause = longest;
    }
}
