using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// The outbox of a workflow instance during a turn. Effects that this process has sent are dropped from it; those that another
/// process saved a moment ago are carried over, because that process is sending them.
/// </summary>
internal sealed class TurnOutbox
{
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);

    /// <param name="start">What the turn starts from.</param>
    public TurnOutbox(TurnStart start)
    {
        var instance = start.Instance;
        var saves = instance.OutboxSaves.SelectMany(save => Enumerable.Repeat(save, save.Count)).ToArray();
        for (var i = 0; i < instance.Outbox.Count; i++)
        {
            var save = i < saves.Length ? saves[i] : OutboxSave.Unknown;
            if (start.Known?.Sent.Contains(save.Id) == true)
                _sent.Add(save.Id);
            else
                _entries.Add(new Entry(
                    instance.Outbox[i], save, IsEarlier: true, IsCarried: save.By != start.Process && save.At >= start.CarriesFrom));
        }
    }

    /// <summary>The effects, in the order in which they were saved.</summary>
    public IReadOnlyList<WorkflowEffect> Effects => _entries.ConvertAll(entry => entry.Effect);

    /// <summary>The saves of the effects, in their order.</summary>
    public IReadOnlyList<OutboxSave> Saves =>
        [.. _entries.GroupBy(entry => entry.Save.Id, StringComparer.Ordinal).Select(of => of.First().Save with { Count = of.Count() })];

    /// <summary>Whether there are effects that this process has to send.</summary>
    public bool HasOwn => _entries.Exists(entry => !entry.IsCarried);

    /// <summary>The saves all of whose effects were sent, although the stored outbox may still have them.</summary>
    public IReadOnlySet<string> Sent => _sent;

    /// <summary>Adds the effects of a save, and drops what is irrelevant in the new state.</summary>
    public void Add(WorkflowState state, IReadOnlyList<WorkflowEffect> effects, OutboxSave save)
    {
        _entries.AddRange(effects.Select(effect => new Entry(effect, save, IsEarlier: false, IsCarried: false)));
        KeepRelevant(state);
    }

    /// <summary>
    /// Drops what is irrelevant in the state. At the end of the workflow instance, nothing is carried over: there is no later turn.
    /// </summary>
    public void KeepRelevant(WorkflowState state)
    {
        for (var i = 0; i < _entries.Count && state.Status.IsTerminal(); i++)
            _entries[i] = _entries[i] with { IsCarried = false };
        var relevant = new HashSet<WorkflowEffect>(Outboxes.Relevant(state, Effects), ReferenceEqualityComparer.Instance);
        _entries.RemoveAll(entry => !relevant.Contains(entry.Effect));
    }

    /// <summary>Whether an effect was in the outbox before this round.</summary>
    public bool IsEarlier(WorkflowEffect effect) => _entries.Exists(entry => entry.IsEarlier && ReferenceEquals(entry.Effect, effect));

    /// <summary>Returns the effects to send now.</summary>
    /// <param name="mayRetry">Whether effects that were in the outbox before are sent as well.</param>
    public IReadOnlyList<WorkflowEffect> Due(bool mayRetry) =>
        [.. _entries.Where(entry => !entry.IsCarried && (mayRetry || !entry.IsEarlier)).Select(entry => entry.Effect)];

    /// <summary>Drops the effects that were sent; those that are left are retried later.</summary>
    public void Settle(IReadOnlyList<WorkflowEffect> due, EffectRound round)
    {
        var done = new HashSet<WorkflowEffect>(due.Where(effect => !round.IsLeft(effect)), ReferenceEqualityComparer.Instance);
        _sent.UnionWith(_entries.Where(entry => done.Contains(entry.Effect)).Select(entry => entry.Save.Id));
        _entries.RemoveAll(entry => done.Contains(entry.Effect));
        _sent.ExceptWith(_entries.Select(entry => entry.Save.Id));
        for (var i = 0; i < _entries.Count; i++)
            _entries[i] = _entries[i] with { IsEarlier = true };
    }

    /// <summary>Forgets what was sent: the stored outbox does not have it any more.</summary>
    public void Forget() => _sent.Clear();

    private readonly record struct Entry(WorkflowEffect Effect, OutboxSave Save, bool IsEarlier, bool IsCarried);
}
