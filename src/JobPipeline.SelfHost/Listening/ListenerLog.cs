namespace JobPipeline.SelfHost.Listening;

/// <summary>Log messages of the queue listener. Event ids 2000-2099.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(2000, LogLevel.Information, "Listening on {Queues}, at most {MaxConcurrency} messages at a time")]
    public static partial void Started(ILogger logger, string queues, int maxConcurrency);

    [LoggerMessage(2001, LogLevel.Debug, "Stopped receiving from {Queue}")]
    public static partial void QueueStopped(ILogger logger, string queue);

    [LoggerMessage(2002, LogLevel.Error, "Queue {Queue} can't be reached; retrying at least every {Interval}")]
    public static partial void QueueUnreachable(ILogger logger, Exception error, string queue, TimeSpan interval);

    [LoggerMessage(2003, LogLevel.Information, "Queue {Queue} can be reached again")]
    public static partial void QueueRecovered(ILogger logger, string queue);

    [LoggerMessage(
        2004,
        LogLevel.Warning,
        "Renewing the visibility timeout of message {MessageId} from {Queue} failed; it may be delivered again, "
            + "which the claim protocol handles")]
    public static partial void RenewalFailed(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(
        2005,
        LogLevel.Error,
        "Processing message {MessageId} from {Queue} failed; it becomes visible again when its visibility timeout ends")]
    public static partial void DeliveryFailed(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(
        2006,
        LogLevel.Information,
        "Stopping: {Running} messages in flight have {Grace} to complete; {Waiting} were returned to their queues")]
    public static partial void Stopping(ILogger logger, int running, TimeSpan grace, int waiting);

    [LoggerMessage(2007, LogLevel.Information, "The shutdown grace period has ended; cancelling {Running} handlers")]
    public static partial void GraceOver(ILogger logger, int running);

    [LoggerMessage(
        2008,
        LogLevel.Warning,
        "{Running} messages are still in flight; other instances take over their jobs when their leases expire")]
    public static partial void LeftBehind(ILogger logger, int running);

    [LoggerMessage(2009, LogLevel.Information, "Stopped; no messages are in flight")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(2010, LogLevel.Warning, "Drained message {MessageId} from {Queue}")]
    public static partial void Drained(ILogger logger, string messageId, string queue);

    [LoggerMessage(2011, LogLevel.Error, "Draining poison queue {Queue} failed; retrying in {Interval}")]
    public static partial void DrainFailed(ILogger logger, Exception error, string queue, TimeSpan interval);

    [LoggerMessage(2012, LogLevel.Information, "Queue {Queue} is paused; {Count} waiting messages were returned to it")]
    public static partial void QueuePaused(ILogger logger, string queue, int count);
}
