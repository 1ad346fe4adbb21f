namespace JobPipeline.SelfHost.Listening;

/// <summary>How long to wait before the next look at a queue: not at all while it gives, then twice as long each time up to a bound.</summary>
internal sealed class PollingPace(TimeSpan longest)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    private TimeSpan _pause = TimeSpan.Zero;

    /// <summary>The pause after a look that brought so many messages.</summary>
    public TimeSpan After(int received)
    {
        if (received > 0)
            _pause = TimeSpan.Zero;
        else if (_pause == TimeSpan.Zero)
            _pause = Shortest;
        else
            _pause = _pause + _pause < longest ? _pause + _pause : longest;
        return _pause;
    }

    /// <summary>Somebody knows of work: look often again.</summary>
    public void Reset() => _pause = TimeSpan.Zero;
}
