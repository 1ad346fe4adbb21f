using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies a batch of events to one workflow instance: saves the new state, carries out the effects, and repeats this for the
/// events that result at once.
/// </summary>
internal sealed class LocalTurn(
    IWorkflowStore store, IWorkflowData data, LocalEffects effects, TimeProvider time, ILogger logger, WorkflowInstance instance)
{
    private const int MaxReasonChars = 500;

    private readonly WorkflowPlan _plan = PreparedPlans.Of(instance.Definition);

    /// <summary>Effects that an earlier turn left, or saved without carrying them out because its process crashed.</summary>
    private readonly HashSet<WorkflowEffect> _earlier = new(instance.Outbox, ReferenceEqualityComparer.Instance);

    private WorkflowInstance _saved = instance with { Outbox = Outboxes.Relevant(instance.State, instance.Outbox) };

    /// <summary>The number of effects in the stored outbox.</summary>
    private int _stored = instance.Outbox.Count;
    private Exception? _error;
    private bool _hasTried;

    /// <summary>Runs the turn. Returns null, with nothing applied, if the workflow instance was modified concurrently.</summary>
    public async Task<LocalTurnEnd?> RunAsync(IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        var turn = Apply(_saved.State, deliveries.Select(delivery => delivery.Message.Event));
        // False after the first round: an effect that was left is not retried in the same turn.
        var mayRetry = instance.Stall is null || instance.Stall.RetryAt <= time.GetUtcNow();
        while (true)
        {
            if (!await TrySaveAsync(turn, cancellationToken))
                return null;
            var due = _saved.Outbox.Where(effect => mayRetry || !_earlier.Contains(effect)).ToList();
            var round = await effects.SendAsync(_saved, _plan, due, TriesOf, cancellationToken);
            _hasTried |= due.Exists(round.IsLeft);
            _error = round.Error ?? _error;
            var left = _saved.Outbox.Where(effect => round.IsLeft(effect) || !due.Contains(effect, ReferenceEqualityComparer.Instance));
            _saved = _saved with { Outbox = [.. left] };
            _earlier.UnionWith(_saved.Outbox);
            mayRetry = false;
            turn = Answer(round);
            if (ReferenceEquals(turn.State, _saved.State))
                return await SettleAsync(deliveries, cancellationToken);
        }
    }

    private int TriesOf(WorkflowEffect effect) => instance.Stall is { Message: null } stall && _earlier.Contains(effect) ? stall.Tries : 0;

    private WorkflowTurn Apply(WorkflowState state, IEnumerable<WorkflowEvent> events)
    {
        var asked = new List<WorkflowEffect>();
        foreach (var happened in events)
        {
            var turn = WorkflowMachine.Evolve(_plan, state, happened, time.GetUtcNow());
            if (happened is WorkflowEvent.Raised raised && IsDropped(state, turn.State, raised))
                WorkflowLog.Dropped(logger, raised.Name, instance.Id);
            state = turn.State;
            asked.AddRange(turn.Effects);
        }

        return new WorkflowTurn(state, asked);
    }

    private WorkflowTurn Answer(EffectRound round)
    {
        if (round.Dead is not { } error)
            return Apply(_saved.State, round.Answers);
        WorkflowLog.Aborted(logger, error, instance.Id);
        return WorkflowMachine.Abort(_plan, _saved.State, WhyAborted(error), time.GetUtcNow());
    }

    internal static string WhyAborted(Exception error)
    {
        var why = $"the workflow can't continue: {error.Message}";
        return why.Length > MaxReasonChars ? why[..MaxReasonChars] : why;
    }

    /// <summary>
    /// Saves the turn. An unchanged state is not saved again: two processes that send the same outbox would otherwise invalidate
    /// each other's version forever.
    /// </summary>
    private async Task<bool> TrySaveAsync(WorkflowTurn turn, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(turn.State, _saved.State))
            return true;
        await data.KeepInputAsync(_saved, cancellationToken);
        var outbox = Outboxes.Relevant(turn.State, [.. _saved.Outbox, .. turn.Effects]);
        var changed = _saved with { State = turn.State, Outbox = outbox, StagedInput = null };
        if (await store.TryWriteAsync(changed, cancellationToken) is not { } version)
            return false;
        (_saved, _stored) = (changed with { Version = version }, changed.Outbox.Count);
        return true;
    }

    /// <summary>Saves the effects that are left, if there are fewer than stored, or if they were tried again.</summary>
    private async Task<LocalTurnEnd> SettleAsync(IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        var stall = StallAfter(deliveries);
        if (stall != instance.Stall || _saved.Outbox.Count < _stored)
        {
            // Modified concurrently: the other process may have sent the outbox, or only recorded a stall. Check it again.
            if (await store.TryWriteAsync(_saved with { Stall = stall }, cancellationToken) is null)
                return new LocalTurnEnd(time.GetUtcNow());
        }

        if (_saved.Outbox.Count == 0)
            return new LocalTurnEnd(null);
        if (_hasTried)
            WorkflowLog.Stalled(logger, _error, instance.Id, _saved.Outbox.Count, stall!.Tries, stall.RetryAt);
        return new LocalTurnEnd(stall?.RetryAt ?? time.GetUtcNow());
    }

    private WorkflowStall? StallAfter(IReadOnlyList<WorkflowDelivery> deliveries)
    {
        if (_hasTried)
        {
            var before = instance.Stall is { Message: null } ? instance.Stall : null;
            return WorkflowStall.After(before, _error?.Message ?? "", null, time.GetUtcNow());
        }

        // A message that can't be applied is still on the queue.
        var isWaited = instance.Stall is { Message: { } message } && deliveries.All(delivery => delivery.Delivery.MessageId != message);
        return _saved.Outbox.Count > 0 || isWaited ? instance.Stall : null;
    }

    /// <summary>
    /// Whether an event was dropped because the mailbox is full. A repeated event changes nothing either, but is not dropped.
    /// </summary>
    private static bool IsDropped(WorkflowState before, WorkflowState after, WorkflowEvent.Raised raised) =>
        ReferenceEquals(before, after)
        && before.Mailbox.Length >= Mailbox.Size
        && !before.Status.IsTerminal()
        && !before.TakenEvents.Contains(raised.Id, StringComparer.Ordinal)
        && before.Mailbox.All(kept => kept.Id != raised.Id);
}

/// <summary>The result of a turn of the local runner.</summary>
/// <param name="RetryAt">When to retry the effects that are left; null if none are left.</param>
internal readonly record struct LocalTurnEnd(DateTimeOffset? RetryAt);
