namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// The time since this process last sent or received a message. After a minute of it, empty queues are polled less often: most of
/// what an idle pipeline costs is polls that find nothing. The first message on any queue ends it for all of them.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="ended">Called when a message ends a silence.</param>
internal sealed class Silence(TimeProvider time, Action ended)
{
    /// <summary>The time without messages after which it counts as silence.</summary>
    public static readonly TimeSpan Begins = TimeSpan.FromMinutes(1);

    private long _lastMessage = time.GetTimestamp();

    /// <summary>Gets whether no message has been sent or received for a minute.</summary>
    public bool Lasts => time.GetElapsedTime(Volatile.Read(ref _lastMessage)) >= Begins;

    /// <summary>Records that a message was sent or received. Thread-safe.</summary>
    public void End()
    {
        var last = Interlocked.Exchange(ref _lastMessage, time.GetTimestamp());
        if (time.GetElapsedTime(last) >= Begins)
            ended();
    }
}
