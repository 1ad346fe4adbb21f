using System.Collections.Frozen;

namespace JobPipeline.Limits.Pauses;

/// <summary>The pauses in force at one time, with a signal for when they are replaced.</summary>
internal sealed class PauseSet(IEnumerable<Pause> pauses)
{
    private readonly FrozenDictionary<(PauseTarget, string), Pause> _pauses =
        pauses.ToFrozenDictionary(pause => (pause.Target, pause.Name));
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Pause> All => _pauses.Values;

    /// <summary>Completes when a newer set is in force.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>Finds the pause of a target; returns null when it is not paused.</summary>
    public Pause? Find(PauseTarget target, string name) => _pauses.GetValueOrDefault((target, name));

    public bool IsSameAs(IReadOnlyList<Pause> other) =>
        other.Count == _pauses.Count && other.All(pause => Find(pause.Target, pause.Name) == pause);

    public void Replace() => _replaced.TrySetResult();
}
