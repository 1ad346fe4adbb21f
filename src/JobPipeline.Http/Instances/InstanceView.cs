using JobPipeline.Instances;

namespace JobPipeline.Http.Instances;

/// <summary>The API representation of an instance, as of its last heartbeat.</summary>
/// <param name="Name">The name under which it claims jobs.</param>
/// <param name="Kind">The kind of host: <c>self-host</c> or <c>functions</c>.</param>
/// <param name="State">Whether it is running.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="LastHeartbeatAt">When it wrote its last heartbeat.</param>
/// <param name="StoppedAt">When it shut down; absent unless it did.</param>
/// <param name="StopReason">Why it shut down; absent unless it did.</param>
/// <param name="InFlight">The number of jobs that it has claimed and that have not ended.</param>
/// <param name="Memory">Its memory; absent if it is not measured.</param>
/// <param name="Governor">What its resource governor allows; absent if that is off.</param>
/// <param name="OpenCircuits">The circuits that are not closed on it.</param>
internal sealed record InstanceView(
    string Name,
    string Kind,
    InstanceState State,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeartbeatAt,
    DateTimeOffset? StoppedAt,
    string? StopReason,
    int InFlight,
    InstanceMemoryView? Memory,
    InstanceGovernorView? Governor,
    IReadOnlyList<InstanceCircuitView> OpenCircuits)
{
    internal static InstanceView Of(Instance instance, InstanceState state) => new(
        instance.Name,
        instance.Kind,
        state,
        instance.StartedAt,
        instance.LastHeartbeatAt,
        instance.StoppedAt,
        instance.StopReason,
        instance.InFlightCount,
        instance.Governor is { } memory ? new InstanceMemoryView(memory.MemoryBytes, memory.MemoryLimitBytes) : null,
        instance.Governor is { } governor ? new InstanceGovernorView(governor.Level, governor.Since, governor.Target) : null,
        [.. instance.OpenCircuits.Select(
            circuit => new InstanceCircuitView(circuit.Name, circuit.State, circuit.Since, circuit.OpenUntil))]);
}

/// <summary>Whether an instance is running.</summary>
internal enum InstanceState
{
    /// <summary>It has not stopped, and its heartbeat is not overdue.</summary>
    Living,

    /// <summary>It shut down.</summary>
    Stopped,

    /// <summary>Its heartbeat is overdue.</summary>
    Lost,
}

/// <summary>The memory of an instance.</summary>
/// <param name="Bytes">The memory in use that can't be reclaimed.</param>
/// <param name="LimitBytes">The memory that it may use.</param>
internal sealed record InstanceMemoryView(long Bytes, long LimitBytes);

/// <summary>The resource governor of an instance.</summary>
/// <param name="Level">Whether it starts as many jobs as it has slots for, fewer, or none.</param>
/// <param name="Since">When it entered that level.</param>
/// <param name="Target">The number of messages that it processes at most at a time; absent if only its host limits them.</param>
internal sealed record InstanceGovernorView(GovernorLevel Level, DateTimeOffset Since, int? Target);

/// <summary>A circuit that is not closed on an instance.</summary>
/// <param name="Name">The name of the circuit.</param>
/// <param name="State">The state of the circuit on that instance.</param>
/// <param name="Since">When it entered that state.</param>
/// <param name="OpenUntil">When an open circuit allows a trial call.</param>
internal sealed record InstanceCircuitView(string Name, CircuitState State, DateTimeOffset? Since, DateTimeOffset? OpenUntil);

/// <summary>The instances: running ones first, then by their last heartbeat, the latest first.</summary>
/// <param name="Instances">The instances, at most 500.</param>
/// <param name="Total">The number of instances on record.</param>
internal sealed record InstanceListView(IReadOnlyList<InstanceView> Instances, int Total);
