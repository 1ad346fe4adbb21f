using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Applies a batch of events to one workflow instance: saves the new state, carries out the effects, and repeats this for the
/// events that result at once.
/// </summary>
internal sealed class LocalTurn(
    IWorkflowStore store, IWorkflowData data, LocalEffects effects, TimeProvider time, ILogger logger, TurnStart start)
{
    private const int MaxReasonChars = 500;

    private readonly WorkflowInstance _read = start.Instance;
    private readonly WorkflowPlan _plan = PreparedPlans.Of(start.Instance.Definition);
    private readonly TurnOutbox _outbox = new(start);

    /// <summary>The workflow instance as it is stored.</summary>
    private WorkflowInstance _stored = start.Instance;
    private Exception? _error;
    private bool _hasTried;

    /// <summary>
    /// Runs the turn. Returns null, with nothing applied, if the workflow instance was modified concurrently, or may have been: a version
    /// that was not read just now is never the reason to ignore an event.
    /// </summary>
    public async Task<LocalTurnEnd?> RunAsync(IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken)
    {
        _outbox.KeepRelevant(_read.State);
        var turn = Apply(_read.State, events);
        if (start.IsFromMemory && ReferenceEquals(turn.State, _read.State))
            return null;
        // False after the first round: an effect that was left is not retried in the same turn.
        var mayRetry = _read.Stall is null || _read.Stall.RetryAt <= time.GetUtcNow();
        while (true)
        {
            if (!await TrySaveAsync(turn, cancellationToken))
                return null;
            var due = _outbox.Due(mayRetry);
            var round = await effects.SendAsync(_stored, _plan, due, turn.Outputs, TriesOf, cancellationToken);
            _hasTried |= due.Any(round.IsLeft);
            _error = round.Error ?? _error;
            _outbox.Settle(due, round);
            mayRetry = false;
            turn = Answer(round);
            if (ReferenceEquals(turn.State, _stored.State))
                return await SettleAsync(events, cancellationToken);
        }
    }

    private int TriesOf(WorkflowEffect effect) => _read.Stall is { Message: null } stall && _outbox.IsEarlier(effect) ? stall.Tries : 0;

    private LocalChange Apply(WorkflowState state, IEnumerable<LocalEvent> events)
    {
        var change = new LocalChange(state);
        foreach (var happened in events)
        {
            if (happened.Output is { } output && happened.Event is WorkflowEvent.Succeeded { Run: var run })
            {
                if (!WorkflowMachine.IsAwaited(_plan, change.State, run))
                    continue;
                change.Outputs.Add(output);
            }

            var before = change.State;
            var turn = WorkflowMachine.Evolve(_plan, before, happened.Event, time.GetUtcNow());
            if (happened.Event is WorkflowEvent.Raised raised && !start.IsFromMemory && IsDropped(before, turn.State, raised))
                WorkflowLog.Dropped(logger, raised.Name, _read.Id);
            change.State = turn.State;
            change.Effects.AddRange(turn.Effects);
        }

        return change;
    }

    private LocalChange Answer(EffectRound round)
    {
        if (round.Dead is not { } error)
            return Apply(_stored.State, round.Answers.Select(answer => new LocalEvent(answer, TraceParent: null)));
        WorkflowLog.Aborted(logger, error, _read.Id);
        var turn = WorkflowMachine.Abort(_plan, _stored.State, WhyAborted(error), time.GetUtcNow());
        return new LocalChange(turn.State) { Effects = [.. turn.Effects] };
    }

    internal static string WhyAborted(Exception error)
    {
        var why = $"the workflow can't continue: {error.Message}";
        return why.Length > MaxReasonChars ? why[..MaxReasonChars] : why;
    }

    /// <summary>
    /// Saves the change. An unchanged state is not saved again: two processes that send the same outbox would otherwise invalidate
    /// each other's version forever.
    /// </summary>
    private async Task<bool> TrySaveAsync(LocalChange change, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(change.State, _stored.State))
            return true;
        await data.KeepInputAsync(_stored, cancellationToken);
        var now = time.GetUtcNow();
        _outbox.Add(change.State, change.Effects,
            new OutboxSave(Guid.CreateVersion7(now).ToString("N"), start.Process, now, change.Effects.Count));
        var changed = _stored with { State = change.State, StagedInput = null, Outputs = change.Outputs };
        return await TryWriteAsync(changed, cancellationToken);
    }

    private async Task<bool> TryWriteAsync(WorkflowInstance changed, CancellationToken cancellationToken)
    {
        changed = changed with { Outbox = _outbox.Effects, OutboxSaves = _outbox.Saves };
        if (await store.TryWriteAsync(changed, cancellationToken) is not { } version)
            return false;
        _stored = changed with { Version = version, Outputs = [] };
        return true;
    }

    /// <summary>
    /// Saves the effects that are left, if they were tried again. That effects were sent is saved with the next change, if this process
    /// may know of it by then; at the end of a workflow instance, at once.
    /// </summary>
    private async Task<LocalTurnEnd> SettleAsync(IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken)
    {
        var stall = StallAfter(events);
        var mustDrop = _outbox.Sent.Count > 0 && (!start.MayDropLater || _stored.State.Status.IsTerminal());
        if (stall != _read.Stall || mustDrop)
        {
            // Modified concurrently: the other process may have sent the outbox, or only recorded a stall. Check it again.
            if (!await TryWriteAsync(_stored with { Stall = stall }, cancellationToken))
                return new LocalTurnEnd(time.GetUtcNow(), Known: null);
            _outbox.Forget();
        }

        var known = new KnownInstance(_stored, _outbox.Sent);
        if (!_outbox.HasOwn)
            return new LocalTurnEnd(null, known);
        if (_hasTried)
            WorkflowLog.Stalled(logger, _error, _read.Id, _outbox.Effects.Count, stall!.Tries, stall.RetryAt);
        return new LocalTurnEnd(stall?.RetryAt ?? time.GetUtcNow(), known);
    }

    private WorkflowStall? StallAfter(IReadOnlyList<LocalEvent> events)
    {
        if (_hasTried)
        {
            var before = _read.Stall is { Message: null } ? _read.Stall : null;
            return WorkflowStall.After(before, _error?.Message ?? "", null, time.GetUtcNow());
        }

        // A message that can't be applied is still on the queue.
        var isWaited = _read.Stall is { Message: { } message } && events.All(happened => happened.MessageId != message);
        return _outbox.HasOwn || isWaited ? _read.Stall : null;
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

/// <summary>What a turn starts from.</summary>
/// <param name="Instance">The workflow instance as it is stored, or was when this process wrote it last.</param>
/// <param name="Known">What this process knows of it; null for nothing.</param>
/// <param name="Process">This process, as the saver of effects.</param>
/// <param name="IsFromMemory">Whether the workflow instance was not read just now.</param>
/// <param name="CarriesFrom">Effects of other processes that were saved since then are not sent; null to send all.</param>
/// <param name="MayDropLater">Whether effects that were sent may stay in the stored outbox until the next change.</param>
internal sealed record TurnStart(
    WorkflowInstance Instance,
    KnownInstance? Known,
    string Process,
    bool IsFromMemory,
    DateTimeOffset? CarriesFrom,
    bool MayDropLater);

/// <summary>The result of a turn of the local runner.</summary>
/// <param name="RetryAt">When to retry the effects that are left; null if none are left.</param>
/// <param name="Known">What this process knows of the workflow instance; null if it must be read again.</param>
internal readonly record struct LocalTurnEnd(DateTimeOffset? RetryAt, KnownInstance? Known);

/// <summary>The changes that a batch of events makes.</summary>
internal sealed class LocalChange(WorkflowState state)
{
    public WorkflowState State { get; set; } = state;

    public List<WorkflowEffect> Effects { get; init; } = [];

    /// <summary>The outputs of the successes that count.</summary>
    public List<StepOutput> Outputs { get; } = [];
}
