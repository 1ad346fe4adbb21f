using System.Collections.Immutable;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies events to workflow instances of the local runner: saves the new state together with the effects (the outbox), carries
/// them out, and saves those that are left. An effect that fails stays in the outbox and is retried with a growing delay.
/// </summary>
/// <param name="known">
/// The workflow instances that this process wrote last, for a host that runs one turn of each at a time; null to read them for every turn.
/// </param>
internal sealed class LocalTurns(
    IWorkflowStore store,
    IWorkflowData data,
    LocalEffects effects,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    ILogger<LocalTurns> logger,
    KnownInstances? known = null) : ILocalTurns
{
    private const int MaxRounds = 10;

    /// <summary>The delay while other processes keep writing the same workflow instance.</summary>
    private static readonly TimeSpan ConflictDelay = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<TurnResult> ApplyAsync(
        string id, IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken)
    {
        var last = known?.Find(id);
        var isFromMemory = last is not null;
        for (var round = 0; round < MaxRounds; round++)
        {
            if ((isFromMemory ? last!.Instance : await store.ReadAsync(id, cancellationToken)) is not { } instance)
            {
                known?.Forget(id);
                WorkflowLog.Unknown(logger, id, events.Count);
                return new TurnResult(RetryAt: null);
            }

            // Another instance that shares the storage may support this version.
            if (instance.State.MachineVersion > WorkflowMachine.Version)
            {
                throw new IOException(
                    $"Workflow {id} was started by a newer release (machine version {instance.State.MachineVersion}).");
            }

            var traces = events.Select(happened => happened.TraceParent);
            using var span = JobTracing.StartWorkflowTurn(instance.Definition.Name, id, instance.TraceParent, traces);
            var start = new TurnStart(
                instance, last, known?.Process ?? "", isFromMemory, CarriesFrom(events), MayDropLater: known?.HasRoomFor(id) == true);
            if (await new LocalTurn(store, data, effects, time, logger, start).RunAsync(events, cancellationToken) is { } end)
            {
                Keep(id, end.Known);
                return new TurnResult(end.RetryAt);
            }

            isFromMemory = false;
        }

        return new TurnResult(time.GetUtcNow() + ConflictDelay, IsApplied: false);
    }

    /// <summary>
    /// Removes the effects that this process has sent from the stored outbox of a workflow instance that is at rest, and forgets the
    /// workflow instance if asked to. If another process has written it since, that process removes them in the end.
    /// </summary>
    public async Task RestAsync(string id, bool forgets, CancellationToken cancellationToken)
    {
        if (known?.Find(id) is not { } last)
            return;
        if (forgets)
            known.Forget(id);
        if (!last.HasSentEffects)
            return;
        var outbox = new TurnOutbox(
            new TurnStart(last.Instance, last, known.Process, IsFromMemory: true, CarriesFrom: null, MayDropLater: false));
        var rested = last.Instance with { Outbox = outbox.Effects, OutboxSaves = outbox.Saves };
        var version = await store.TryWriteAsync(rested, cancellationToken);
        if (version is null)
            known.Forget(id);
        else if (!forgets)
            Keep(id, new KnownInstance(rested with { Version = version }, ImmutableHashSet<string>.Empty));
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
        var ended = instance with { State = turn.State, Outbox = turn.Effects, OutboxSaves = [], Stall = null };
        try
        {
            return await store.TryWriteAsync(ended, cancellationToken) is not null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The state may be too large to be saved: save only that the workflow instance ended. Running attempts finish on
            // their own, and nothing waits for them.
            var bare = WorkflowMachine.BreakOff(instance.State, WorkflowStatus.Failed, reason, now);
            WorkflowEffect end = new WorkflowEffect.End(WorkflowStatus.Failed, reason);
            var reduced = instance with { State = bare, Outbox = [end], OutboxSaves = [], Stall = null };
            return await store.TryWriteAsync(reduced, cancellationToken) is not null;
        }
    }

    /// <summary>
    /// Returns since when saves of other processes are trusted to send their own effects: a lease, unless an event was delivered again,
    /// which shows that its earlier receiver may have died.
    /// </summary>
    private DateTimeOffset? CarriesFrom(IReadOnlyList<LocalEvent> events) =>
        known is null || events.Any(happened => happened.IsRedelivery) ? null : time.GetUtcNow() - options.Value.Lease;

    private void Keep(string id, KnownInstance? now)
    {
        if (known is null)
            return;
        if (now is null || now.Instance.State.Status.IsTerminal() || !known.HasRoomFor(id))
            known.Forget(id);
        else
            known.Keep(now);
    }
}
