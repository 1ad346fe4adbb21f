using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>What can be done with workflows, whoever runs them: the local runner or Durable Functions.</summary>
public interface IWorkflowRuntime
{
    /// <summary>Starts an instance. False: there was one of that id, which is left as it is.</summary>
    /// <param name="definition">What it runs; the instance keeps to it.</param>
    /// <param name="id">Its id (<see cref="WorkflowIds"/>).</param>
    /// <param name="input">What it is given: UTF-8 JSON within the bounds of <see cref="WorkflowValue"/>, empty for nothing.</param>
    /// <param name="correlationId">The caller's own id for the work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageFormatException">The input is out of bounds.</exception>
    Task<bool> StartAsync(WorkflowDefinition definition, string id, ReadOnlyMemory<byte> input, string? correlationId, CancellationToken cancellationToken);

    /// <summary>Raises an event: it goes to the step that waits for it, or is kept for one that will.</summary>
    /// <exception cref="MessageFormatException">The payload is out of bounds.</exception>
    Task<RaiseOutcome> RaiseAsync(string id, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Asks to cancel, terminate, suspend or resume. False: nobody knows such an instance, or it has ended.</summary>
    Task<bool> RequestAsync(string id, WorkflowEvent request, CancellationToken cancellationToken);

    /// <summary>Runs an instance that ended without success again, from what failed. False: nobody knows it, it runs, or it completed.</summary>
    Task<bool> RerunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Null: nobody knows such an instance.</summary>
    Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <inheritdoc cref="IWorkflowStore.ListAsync"/>
    Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an instance that has ended, all that it was given and made, and its children that have ended, with theirs; a
    /// child that still runs stays, as an instance of its own. What was cut off half-way is finished by doing it again.
    /// False: nobody knows it, or it runs (an instance runs until everybody was told that it ended).
    /// </summary>
    Task<bool> PurgeAsync(string id, CancellationToken cancellationToken);
}

/// <summary>What became of the wish to raise an event.</summary>
public enum RaiseOutcome
{
    /// <summary>It is on its way.</summary>
    Accepted,

    /// <summary>Nobody knows such an instance, or it has ended.</summary>
    NotRunning,

    /// <summary>Nobody waits for it now, and as many events as are kept wait to be taken: raise it again later.</summary>
    MailboxFull,
}
