using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Running;

/// <summary>Event ids 1600-1699. No payload is ever logged.</summary>
internal static partial class WorkflowLog
{
    [LoggerMessage(1600, LogLevel.Information, "Workflow {Instance} ({Workflow}) {Status}: {Reason}")]
    public static partial void Ended(ILogger logger, string instance, string workflow, WorkflowStatus status, string? reason);

    [LoggerMessage(1601, LogLevel.Warning, "Workflow {Instance} completed, but its output could not be worked out; it has none")]
    public static partial void NoOutput(ILogger logger, Exception error, string instance);

    [LoggerMessage(1602, LogLevel.Warning, "Events of workflow {Instance} could not be applied; they come back")]
    public static partial void NotApplied(ILogger logger, Exception error, string instance);

    [LoggerMessage(1603, LogLevel.Error, "Message {MessageId} of queue {Queue} is not a workflow event; it goes to the dead letters")]
    public static partial void Unreadable(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(1604, LogLevel.Debug, "{Count} events for workflow {Instance}, which nobody knows any more, are dropped")]
    public static partial void Unknown(ILogger logger, string instance, int count);

    [LoggerMessage(1605, LogLevel.Warning, "Message {MessageId}, which is no workflow event, could not be kept as a dead letter; it comes back")]
    public static partial void NotKept(ILogger logger, Exception error, string messageId);

    [LoggerMessage(1606, LogLevel.Warning, "Event '{Name}' of workflow {Instance} is dropped: nobody waits for it, and the mailbox is full")]
    public static partial void Dropped(ILogger logger, string name, string instance);
}
