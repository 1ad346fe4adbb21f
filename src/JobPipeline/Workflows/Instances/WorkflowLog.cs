using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Instances;

/// <summary>Log messages of workflows, event ids 1600 to 1699. Payloads are never logged.</summary>
internal static partial class WorkflowLog
{
    private const string NoReason = "no reason was given";

    /// <summary>Logs the end of a workflow instance at the level that its status requires.</summary>
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

    [LoggerMessage(1601, LogLevel.Warning, "Evaluating or storing the output of workflow {Instance} failed; the workflow fails")]
    public static partial void NoOutput(ILogger logger, Exception error, string instance);

    [LoggerMessage(1602, LogLevel.Warning, "Applying events to workflow {Instance} failed at try {Tries}; retrying at {RetryAt}")]
    public static partial void NotApplied(ILogger logger, Exception error, string instance, int tries, DateTimeOffset retryAt);

    [LoggerMessage(1603, LogLevel.Error, "Message {MessageId} of queue {Queue} is not a workflow event; storing it as a dead letter")]
    public static partial void Unreadable(ILogger logger, Exception error, string messageId, string queue);

    [LoggerMessage(1604, LogLevel.Debug, "Dropped {Count} events for unknown workflow {Instance}")]
    public static partial void Unknown(ILogger logger, string instance, int count);

    [LoggerMessage(1605, LogLevel.Warning, "Storing message {MessageId} as a dead letter failed; it will be received again")]
    public static partial void NotKept(ILogger logger, Exception error, string messageId);

    [LoggerMessage(
        1607, LogLevel.Warning, "{Count} effects of workflow {Instance} were not carried out at try {Tries}; retrying at {RetryAt}")]
    public static partial void Stalled(ILogger logger, Exception? error, string instance, int count, int tries, DateTimeOffset retryAt);

    [LoggerMessage(1608, LogLevel.Error, "Gave up effect '{Effect}' of workflow {Instance}")]
    public static partial void GivenUp(ILogger logger, Exception error, string effect, string instance);

    [LoggerMessage(1609, LogLevel.Error, "Workflow {Instance} can't continue; it fails")]
    public static partial void Aborted(ILogger logger, Exception error, string instance);

    [LoggerMessage(1610, LogLevel.Error, "Gave up applying message {MessageId} to workflow {Instance}; storing it as a dead letter")]
    public static partial void DeadLettered(ILogger logger, Exception error, string messageId, string instance);

    [LoggerMessage(1611, LogLevel.Warning, "Saving the progress of workflow {Instance} failed; it is saved at its next change")]
    public static partial void NotShown(ILogger logger, Exception error, string instance);

    [LoggerMessage(1612, LogLevel.Warning, "Applying the end of job {Job} to workflow {Instance} at once failed; sending an event instead")]
    public static partial void NotDirect(ILogger logger, Exception error, string instance, JobId job);

    [LoggerMessage(1613, LogLevel.Warning, "Removing the sent effects of workflow {Instance} failed; they may be sent again")]
    public static partial void NotRested(ILogger logger, Exception error, string instance);

    [LoggerMessage(1614, LogLevel.Warning, "Step '{Step}' of workflow {Instance} has an unknown outcome; its strand ends before it")]
    public static partial void StrandCut(ILogger logger, Exception error, string instance, string step);

    [LoggerMessage(
        1606, LogLevel.Warning, "Event '{Name}' of workflow {Instance} was dropped: no step waits for it and the mailbox is full")]
    public static partial void Dropped(ILogger logger, string name, string instance);
}
