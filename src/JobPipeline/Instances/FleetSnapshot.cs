using System.Collections.Frozen;

namespace JobPipeline.Instances;

/// <summary>The instances that are on record, without the one that read them.</summary>
/// <param name="instances">Their rows.</param>
/// <param name="readAt">When they were read.</param>
/// <param name="silence">An instance whose last heartbeat is older than this is not living.</param>
internal sealed class FleetSnapshot(IEnumerable<Instance> instances, DateTimeOffset readAt, TimeSpan silence)
{
    private readonly (Instance Row, FrozenDictionary<string, string>? Queues)[] _instances =
        [.. instances.Select(row => (row, QueuesOf(row)))];

    public DateTimeOffset ReadAt { get; } = readAt;

    /// <summary>Every type that an instance on record has a handler for.</summary>
    public IEnumerable<string> Types => _instances.SelectMany(instance => instance.Queues?.Keys ?? []).Distinct(StringComparer.Ordinal);

    public IEnumerable<InstanceSpan> SpansOf(string type, DateTimeOffset now) => _instances.Select(instance =>
    {
        var isLiving = IsLiving(instance.Row, now);
        var seenUntil = isLiving ? now : instance.Row.LastHeartbeatAt;
        return new InstanceSpan(instance.Row.StartedAt, seenUntil, isLiving, instance.Queues?.ContainsKey(type));
    });

    /// <summary>The queue of a type that a living instance has a handler for; null when none is known to have one.</summary>
    public string? QueueOf(string type, DateTimeOffset now) => _instances
        .Where(instance => instance.Queues?.ContainsKey(type) == true && IsLiving(instance.Row, now))
        .Select(instance => instance.Queues![type])
        .FirstOrDefault();

    private static FrozenDictionary<string, string>? QueuesOf(Instance row) =>
        row.JobTypes?.ToFrozenDictionary(type => type.Type, type => type.Queue, StringComparer.Ordinal);

    private bool IsLiving(Instance instance, DateTimeOffset now) => instance.StoppedAt is null && instance.LastHeartbeatAt + silence > now;
}
