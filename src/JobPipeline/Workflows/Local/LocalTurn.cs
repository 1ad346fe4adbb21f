using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>One turn of an instance: what happened is applied, saved and carried out, and so is what comes of that at once.</summary>
internal sealed class LocalTurn(
    IWorkflowStore store, IWorkflowData data, LocalEffects effects, TimeProvider time, ILogger logger, WorkflowInstance instance)
{
    private const int MaxReasonChars = 500;

    private readonly WorkflowPlan _plan = PreparedPlans.Of(instance.Definition);

    /// <summary>What an earlier turn has left, or saved and perhaps not carried out: its sender may have died.</summary>
    private readonly HashSet<WorkflowEffect> _earlier = new(instance.Outbox, ReferenceEqualityComparer.Instance);

    private WorkflowInstance _saved = instance with { Outbox = Outboxes.Relevant(instance.State, instance.Outbox) };

    /// <summary>How many effects the stored outbox holds.</summary>
    private int _stored = instance.Outbox.Count;
    private Exception? _error;
    private bool _hasTried;

    /// <summary>Null: somebody else wrote the instance meanwhile, and nothing was applied.</summary>
    public async Task<LocalTurnEnd?> RunAsync(IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        var turn = Apply(_saved.State, deliveries.Select(delivery => delivery.Message.Event));
        // Set once something is left: it is not tried a second time in the same turn.
        var mayRetry = instance.Stall is null || instance.Stall.RetryAt <= time.GetUtcNow();
        while (true)
        {
            if (!await TrySaveAsync(turn, cancellationToken))
                return null;
            var due = _saved.Outbox.Where(effect => mayRetry || !_earlier.Contains(effect)).ToList();
            var round = await effects.SendAsync(_saved, _plan, due, TriesOf, cancellationToken);
            _hasTried |= due.Exists(round.IsLeft);
            _error = round.Error ?? _error;
            _saved = _saved with { Outbox = [.. _saved.Outbox.Where(effect => round.IsLeft(effect) || !due.Contains(effect, ReferenceEqualityComparer.Instance))] };
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
        var why = $"the workflow can't go on: {error.Message}";
        return why.Length > MaxReasonChars ? why[..MaxReasonChars] : why;
    }

    /// <summary>What is stored already is not stored again: two that send the same outbox would take each other's version for ever.</summary>
    private async Task<bool> TrySaveAsync(WorkflowTurn turn, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(turn.State, _saved.State))
            return true;
        await data.KeepInputAsync(_saved, cancellationToken);
        var changed = _saved with { State = turn.State, Outbox = Outboxes.Relevant(turn.State, [.. _saved.Outbox, .. turn.Effects]), StagedInput = null };
        if (await store.TryWriteAsync(changed, cancellationToken) is not { } version)
            return false;
        (_saved, _stored) = (changed with { Version = version }, changed.Outbox.Count);
        return true;
    }

    /// <summary>Saves what is left, if that is less than what is stored, or more often tried.</summary>
    private async Task<LocalTurnEnd> SettleAsync(IReadOnlyList<WorkflowDelivery> deliveries, CancellationToken cancellationToken)
    {
        var stall = StallAfter(deliveries);
        if (stall != instance.Stall || _saved.Outbox.Count < _stored)
        {
            // Lost to somebody else, who may have sent the outbox again, or only noted something: it is looked at once more.
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
            return WorkflowStall.After(instance.Stall is { Message: null } ? instance.Stall : null, _error?.Message ?? "", null, time.GetUtcNow());
        // A message that can't be applied is still on its way.
        var isWaited = instance.Stall is { Message: { } message } && deliveries.All(delivery => delivery.Delivery.MessageId != message);
        return _saved.Outbox.Count > 0 || isWaited ? instance.Stall : null;
    }

    /// <summary>More were on their way than the mailbox holds; one that comes again changes nothing either.</summary>
    private static bool IsDropped(WorkflowState before, WorkflowState after, WorkflowEvent.Raised raised) =>
        ReferenceEquals(before, after)
        && before.Mailbox.Length >= Mailbox.Size
        && !before.Status.IsTerminal()
        && !before.TakenEvents.Contains(raised.Id, StringComparer.Ordinal)
        && before.Mailbox.All(kept => kept.Id != raised.Id);
}

/// <summary>How a turn of the local runner ended.</summary>
/// <param name="RetryAt">When what is left is to be tried again; null: nothing is left.</param>
internal readonly record struct LocalTurnEnd(DateTimeOffset? RetryAt);
