using System.Collections.Frozen;

namespace JobPipeline.Instances;

/// <summary>The instances that are on record, without the one that read them.</summary>
/// <param name="instances">Their rows.</param>
/// <param name="readAt">When they were read.</param>
/// <param name="silence">An instance whose last heartbeat is older than this is not living.</param>
internal sealed class FleetSnapshot(IEnumerable<Instance> instances, DateTimeOffset readAt, TimeSpan silence)
{
    private readonly (Instance Row, FrozenDictionary<string, string>? Lanes)[] _instances =
        [.. instances.Select(row => (row, LanesOf(row)))];

    public DateTimeOffset ReadAt { get; } = readAt;

    /// <summary>Every type that an instance on record has a handler for.</summary>
    public IEnumerable<string> Types => _instances.SelectMany(instance => instance.Lanes?.Keys ?? []).Distinct(StringComparer.Ordinal);

    public IEnumerable<InstanceSpan> SpansOf(string type, DateTimeOffset now) => _instances.Select(instance =>
    {
        var isLiving = IsLiving(instance.Row, now);
        var seenUntil = isLiving ? now : instance.Row.LastBeatAt;
        return new InstanceSpan(instance.Row.StartedAt, seenUntil, isLiving, instance.Lanes?.ContainsKey(type));
    });

    /// <summary>The queue of a type that a living instance has a handler for; null when none is known to have one.</summary>
    public string? LaneOf(string type, DateTimeOffset now) => _instances
        .Where(instance => instance.Lanes?.ContainsKey(type) == true && IsLiving(instance.Row, now))
        .Select(instance => instance.Lanes![type])
        .FirstOrDefault();

    private static FrozenDictionary<string, string>? LanesOf(Instance row) =>
        row.JobTypes?.ToFrozenDictionary(type => type.Type, type => type.Queue, StringComparer.Ordinal);

    private bool IsLiving(Instance instance, DateTimeOffset now) => instance.GoodbyeAt is null && instance.LastBeatAt + silence > now;
}
