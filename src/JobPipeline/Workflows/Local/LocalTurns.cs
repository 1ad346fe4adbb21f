using JobPipeline.Diagnostics;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies events to an instance of the local runner: saves the new state once, with what is to be done (its outbox), does that, and
/// saves what is left of it. What can't be done now stays in the outbox and is tried again, later each time.
/// </summary>
internal sealed class LocalTurns(IWorkflowStore store, IWorkflowData data, LocalEffects effects, TimeProvider time, ILogger<LocalTurns> logger)
{
    private const int MaxRounds = 10;

    /// <summary>While others write the same instance.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>Applies what happened. Null: all is done. Otherwise when what is left is to be tried again.</summary>
    /// <exception cref="Exception">Nothing was applied, or it is not known whether it was: to be applied again.</exception>
    public async Task<DateTimeOffset?> ApplyAsync(string id, IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await store.ReadAsync(id, cancellationToken) is not { } instance)
            {
                WorkflowLog.Unknown(logger, id, deliveries.Count);
                return null;
            }

            // Others that share the storage may run it.
            if (instance.State.MachineVersion > WorkflowMachine.Version)
                throw new IOException($"Workflow {id} was started by a newer release (machine version {instance.State.MachineVersion}).");
            var traces = deliveries.Select(delivery => delivery.Message.TraceParent);
            using var span = JobTracing.StartWorkflowTurn(instance.Definition.Name, id, instance.TraceParent, traces);
            if (await new LocalTurn(store, data, effects, time, logger, instance).RunAsync(deliveries, cancellationToken) is { } end)
                return end.RetryAt;
        }

        return time.GetUtcNow() + Rest;
    }

    /// <summary>Notes on the instance that a message can't be applied. Returns how often it was tried; null: that can't be noted either.</summary>
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

    /// <summary>Ends an instance that can't go on as failed. What it has in hand is told to stop when the message comes back. False: others write it.</summary>
    /// <exception cref="Exception">That can't be saved either.</exception>
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
            // Perhaps it is too large to be saved: the least that tells of its end. What runs runs to its end, and is not awaited.
            var bare = WorkflowMachine.BreakOff(instance.State, WorkflowStatus.Failed, reason, now);
            return await store.TryWriteAsync(
                instance with { State = bare, Outbox = [new WorkflowEffect.End(WorkflowStatus.Failed, reason)], Stall = null }, cancellationToken) is not null;
        }
    }
}
