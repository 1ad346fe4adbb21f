using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>Starts and manages workflow instances. It is implemented by the local runner and by Durable Functions.</summary>
internal interface IWorkflowRuntime
{
    /// <summary>
    /// Starts a workflow instance. Returns false if an instance with that id already exists; it is not changed.
    /// </summary>
    /// <param name="definition">The definition to run; the workflow instance keeps it.</param>
    /// <param name="id">The id of the workflow instance (<see cref="WorkflowIds"/>).</param>
    /// <param name="input">The input: UTF-8 JSON within the limits of <see cref="WorkflowValue"/>, or empty for no input.</param>
    /// <param name="correlationId">The caller's own id for the work.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="MessageFormatException">The input exceeds the limits.</exception>
    Task<bool> StartAsync(
        WorkflowDefinition definition,
        string id,
        ReadOnlyMemory<byte> input,
        string? correlationId,
        CancellationToken cancellationToken);

    /// <summary>
    /// Raises an event. It is delivered to the step that waits for it, or stored in the mailbox for a later step.
    /// </summary>
    /// <exception cref="MessageFormatException">The payload exceeds the limits.</exception>
    Task<RaiseOutcome> RaiseAsync(string id, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Requests to cancel, terminate, suspend or resume a workflow instance. Returns false if it is unknown or has ended.
    /// </summary>
    Task<bool> RequestAsync(string id, WorkflowEvent request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a workflow instance that ended without success again, from its failed steps. Returns false if it is unknown, is
    /// running or has completed.
    /// </summary>
    Task<bool> RerunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Reads a workflow instance; null if it is unknown.</summary>
    Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <inheritdoc cref="IWorkflowStore.ListAsync"/>
    Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a workflow instance that has ended, with its inputs and outputs and its child workflow instances that have ended.
    /// A child that is still running is kept, as a workflow instance of its own. An interrupted purge is completed by repeating
    /// it. Returns false if the workflow instance is unknown or still running; it runs until everything that waits for its end
    /// was notified.
    /// </summary>
    Task<bool> PurgeAsync(string id, CancellationToken cancellationToken);
}

/// <summary>The result of raising an event.</summary>
internal enum RaiseOutcome
{
    /// <summary>The event was accepted and will be delivered.</summary>
    Accepted,

    /// <summary>The workflow instance is unknown or has ended.</summary>
    NotRunning,

    /// <summary>No step waits for the event and the mailbox is full. Raise the event again later.</summary>
    MailboxFull,
}
