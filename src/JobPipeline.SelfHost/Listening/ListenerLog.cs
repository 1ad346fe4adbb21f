namespace JobPipeline.SelfHost.Listening;

/// <summary>Event ids 2000-2099.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(2000, LogLevel.Information, "Listening on {Lanes}, at most {MaxConcurrency} messages at a time")]
    public static partial void Started(ILogger logger, string lanes, int maxConcurrency);

    [LoggerMessage(2001, LogLevel.Debug, "Lane {Lane} takes no more messages")]
    public static partial void LaneStopped(ILogger logger, string lane);

    [LoggerMessage(2002, LogLevel.Error, "Queue {Lane} can't be reached; trying again at least every {Interval}")]
    public static partial void LaneUnreachable(ILogger logger, Exception error, string lane, TimeSpan interval);

    [LoggerMessage(2003, LogLevel.Information, "Queue {Lane} answers again")]
    public static partial void LaneRecovered(ILogger logger, string lane);

    [LoggerMessage(2004, LogLevel.Warning, "Message {MessageId} of {Queue} could not be kept hidden; it may be delivered again, which the claim protocol allows for")]
    public static partial void RenewalFailed(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(2005, LogLevel.Error, "Message {MessageId} of {Queue} could not be worked on; it comes back when its visibility timeout ends")]
    public static partial void DeliveryFailed(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(2006, LogLevel.Information, "Stopping: {Running} messages are being worked on and have {Grace} to end, {Waiting} went back to their queues")]
    public static partial void Stopping(ILogger logger, int running, TimeSpan grace, int waiting);

    [LoggerMessage(2007, LogLevel.Information, "The grace is over: {Running} handlers are told to stop")]
    public static partial void GraceOver(ILogger logger, int running);

    [LoggerMessage(2008, LogLevel.Warning, "{Running} messages are left behind; their jobs are taken over when their leases end")]
    public static partial void LeftBehind(ILogger logger, int running);

    [LoggerMessage(2009, LogLevel.Information, "Stopped; nothing is left in hand")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(2010, LogLevel.Warning, "Message {MessageId} was drained from {Queue}")]
    public static partial void Drained(ILogger logger, string messageId, string queue);

    [LoggerMessage(2011, LogLevel.Error, "Poison queue {Queue} could not be drained; trying again in {Interval}")]
    public static partial void DrainFailed(ILogger logger, Exception error, string queue, TimeSpan interval);

    [LoggerMessage(2012, LogLevel.Information, "Lane {Lane} is paused: {Count} messages that waited here went back to their queue")]
    public static partial void LanePaused(ILogger logger, string lane, int count);
}
