using System.Collections.Concurrent;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// The workflow instances that this process wrote last, so that it can advance them without reading them. A host that may advance one
/// workflow instance several times at once must not use it.
/// </summary>
internal sealed class KnownInstances
{
    /// <summary>The maximum number of workflow instances.</summary>
    public const int Capacity = 500;

    /// <summary>The id of this process as a saver of effects.</summary>
    public string Process { get; } = Guid.NewGuid().ToString("N");

    private readonly ConcurrentDictionary<string, KnownInstance> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a workflow instance can be kept.</summary>
    public bool HasRoomFor(string id) => _known.Count < Capacity || _known.ContainsKey(id);

    public KnownInstance? Find(string id) => _known.GetValueOrDefault(id);

    public void Keep(KnownInstance known) => _known[known.Instance.Id] = known;

    public void Forget(string id) => _known.TryRemove(id, out _);
}
