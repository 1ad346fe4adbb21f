using JobPipeline.Diagnostics;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies events to workflow instances of the local runner: saves the new state together with the effects (the outbox), carries
/// them out, and saves those that are left. An effect that fails stays in the outbox and is retried with a growing delay.
/// </summary>
internal sealed class LocalTurns(
    IWorkflowStore store, IWorkflowData data, LocalEffects effects, TimeProvider time, ILogger<LocalTurns> logger)
{
    private const int MaxRounds = 10;

    /// <summary>The delay while other processes keep writing the same workflow instance.</summary>
    private static readonly TimeSpan ConflictDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Applies events. Returns null if all effects were carried out; otherwise, when to retry those that are left.
    /// </summary>
    /// <exception cref="Exception">Nothing was applied, or it is unknown whether it was; apply the events again.</exception>
    public async Task<DateTimeOffset?> ApplyAsync(
        string id, IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await store.ReadAsync(id, cancellationToken) is not { } instance)
            {
                WorkflowLog.Unknown(logger, id, deliveries.Count);
                return null;
            }

            // Another instance that shares the storage may support this version.
            if (instance.State.MachineVersion > WorkflowMachine.Version)
            {
                throw new IOException(
                    $"Workflow {id} was started by a newer release (machine version {instance.State.MachineVersion}).");
            }

            var traces = deliveries.Select(delivery => delivery.Message.TraceParent);
            using var span = JobTracing.StartWorkflowTurn(instance.Definition.Name, id, instance.TraceParent, traces);
            if (await new LocalTurn(store, data, effects, time, logger, instance).RunAsync(deliveries, cancellationToken) is { } end)
                return end.RetryAt;
        }

        return time.GetUtcNow() + ConflictDelay;
    }

    /// <summary>
    /// Records on the workflow instance that a message can't be applied. Returns how often it was tried, or null if that could
    /// not be recorded.
    /// </summary>
    public async Task<int?> TryNoteAsync(string id, string message, Exception error, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadAsync(id, cancellationToken) is not { } instance)
                return null;
            var before = instance.Stall is { } stall && stall.Message == message ? stall : null;
            var noted = instance with { Stall = WorkflowStall.After(before, error.Message, message, time.GetUtcNow()) };
            return await store.TryWriteAsync(noted, cancellationToken) is null ? null : noted.Stall.Tries;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Fails a workflow instance that can't continue. Its running attempts are stopped when the message is received again.
    /// Returns false if the workflow instance was modified concurrently.
    /// </summary>
    /// <exception cref="Exception">The failure could not be saved.</exception>
    public async Task<bool> AbortAsync(string id, Exception error, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return true;
        WorkflowLog.Aborted(logger, error, id);
        var (reason, now) = (LocalTurn.WhyAborted(error), time.GetUtcNow());
        var turn = WorkflowMachine.Abort(PreparedPlans.Of(instance.Definition), instance.State, reason, now);
        var ended = instance with { State = turn.State, Outbox = turn.Effects, Stall = null };
        try
        {
            return await store.TryWriteAsync(ended, cancellationToken) is not null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The state may be too large to be saved: save only that the workflow instance ended. Running attempts finish on
            // their own, and nothing waits for them.
            var bare = WorkflowMachine.BreakOff(instance.State, WorkflowStatus.Failed, reason, now);
            var reduced = instance with { State = bare, Outbox = [new WorkflowEffect.End(WorkflowStatus.Failed, reason)], Stall = null };
            return await store.TryWriteAsync(reduced, cancellationToken) is not null;
        }
    }
}
