using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Local;

/// <summary>What the gates of an instance share.</summary>
internal sealed class LocalGateServices(
    ILimitStore store,
    LimitRegistry limits,
    GrantSender sender,
    HeldJobs held,
    WorkerIdentity worker,
    TimeProvider time,
    IOptions<JobPipelineOptions> options,
    LimitMetrics metrics,
    ILogger<LocalGates> logger)
{
    public ILimitStore Store => store;

    public GrantSender Sender => sender;

    public TimeProvider Time => time;

    public LimitMetrics Metrics => metrics;

    public ILogger Logger => logger;

    public string Instance => worker.Name;

    /// <inheritdoc cref="LimitRegistry.IsUsed"/>
    public bool UsesLimits => limits.IsUsed;

    /// <summary>
    /// The lease of slots. Longer than that of claims by more than the time between two renewals, so that a process that is cut off from
    /// storage has lost its claims, which stops its handlers, before its slots are given to others.
    /// </summary>
    public TimeSpan SlotLease { get; } = options.Value.Lease * 1.5;

    /// <summary>The rule of a gate. An instance that does not know the limit goes by the rule that is stored with the meter.</summary>
    public LimitRule RuleOf(GateId gate, Meter meter) =>
        meter.Override ?? limits.RuleOf(gate) ?? meter.Rule ?? LimitRule.None;

    /// <summary>Whether a parked job has to stay, because its queue or type is paused.</summary>
    public bool IsHeld(ParkedJob job) => held.IsHeld(job);
}
