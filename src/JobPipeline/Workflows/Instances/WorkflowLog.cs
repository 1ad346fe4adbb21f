using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Instances;

/// <summary>Event ids 1600-1699. No payload is ever logged.</summary>
internal static partial class WorkflowLog
{
    private const string NoReason = "no reason was given";

    /// <summary>How an instance ended, at the level that this deserves.</summary>
    public static void Ended(ILogger logger, string instance, string workflow, WorkflowStatus status, string? reason)
    {
        var why = string.IsNullOrWhiteSpace(reason) ? NoReason : reason;
        switch (status)
        {
            case WorkflowStatus.Failed: Failed(logger, instance, workflow, why); break;
            case WorkflowStatus.Cancelled: Cancelled(logger, instance, workflow, why); break;
            case WorkflowStatus.Terminated: Terminated(logger, instance, workflow, why); break;
            default: Completed(logger, instance, workflow); break;
        }
    }

    [LoggerMessage(1600, LogLevel.Information, "Workflow {Instance} ({Workflow}) completed")]
    public static partial void Completed(ILogger logger, string instance, string workflow);

    [LoggerMessage(1620, LogLevel.Error, "Workflow {Instance} ({Workflow}) failed: {Reason}")]
    public static partial void Failed(ILogger logger, string instance, string workflow, string reason);

    [LoggerMessage(1621, LogLevel.Information, "Workflow {Instance} ({Workflow}) was cancelled: {Reason}")]
    public static partial void Cancelled(ILogger logger, string instance, string workflow, string reason);

    [LoggerMessage(1622, LogLevel.Information, "Workflow {Instance} ({Workflow}) was terminated: {Reason}")]
    public static partial void Terminated(ILogger logger, string instance, string workflow, string reason);

    [LoggerMessage(1601, LogLevel.Warning, "The output of workflow {Instance} can't be worked out; the workflow fails")]
    public static partial void NoOutput(ILogger logger, Exception error, string instance);

    [LoggerMessage(1602, LogLevel.Warning, "Events of workflow {Instance} could not be applied at try {Tries}; they come back at {RetryAt}")]
    public static partial void NotApplied(ILogger logger, Exception error, string instance, int tries, DateTimeOffset retryAt);

    [LoggerMessage(1603, LogLevel.Error, "Message {MessageId} of queue {Queue} is not a workflow event; it goes to the dead letters")]
    public static partial void Unreadable(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(1604, LogLevel.Debug, "{Count} events for workflow {Instance}, which nobody knows any more, are dropped")]
    public static partial void Unknown(ILogger logger, string instance, int count);

    [LoggerMessage(1605, LogLevel.Warning, "Message {MessageId}, which is no workflow event, could not be kept as a dead letter; it comes back")]
    public static partial void NotKept(ILogger logger, Exception error, string messageId);

    [LoggerMessage(1607, LogLevel.Warning, "{Count} effects of workflow {Instance} could not be carried out at try {Tries}; they are tried again at {RetryAt}")]
    public static partial void Stalled(ILogger logger, Exception? error, string instance, int count, int tries, DateTimeOffset retryAt);

    [LoggerMessage(1608, LogLevel.Error, "Effect '{Effect}' of workflow {Instance} can't be carried out; it is given up")]
    public static partial void GivenUp(ILogger logger, Exception error, string effect, string instance);

    [LoggerMessage(1609, LogLevel.Error, "Workflow {Instance} can't go on; it ends as failed")]
    public static partial void Aborted(ILogger logger, Exception error, string instance);

    [LoggerMessage(1610, LogLevel.Error, "Message {MessageId} for workflow {Instance} could not be applied; it is kept as a dead letter")]
    public static partial void Buried(ILogger logger, Exception error, string messageId, string instance);

    [LoggerMessage(1611, LogLevel.Warning, "How far workflow {Instance} has come can't be shown; its next change is")]
    public static partial void NotShown(ILogger logger, Exception error, string instance);

    [LoggerMessage(1606, LogLevel.Warning, "Event '{Name}' of workflow {Instance} is dropped: nobody waits for it, and the mailbox is full")]
    public static partial void Dropped(ILogger logger, string name, string instance);
}
