using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits;

/// <summary>
/// What people do to a gate while it is in use. A change is stored with the gate's meter, so that every instance sees it within
/// <see cref="LocalGate.Freshness"/>, at no cost of its own, and jobs that wait go by it too.
/// </summary>
internal sealed class LimitControl(
    LimitRegistry limits, LocalGates gates, ILimitStore store, TimeProvider time, ILogger<LimitControl> logger)
{
    /// <summary>The end of a gate's closing for which no end was given.</summary>
    public static readonly DateTimeOffset NoEnd = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads a gate and the first jobs that wait there.</summary>
    public Task<Lot> ReadAsync(GateId gate, int max, CancellationToken cancellationToken) =>
        store.ReadLotAsync(gate, max, withUnstarted: false, cancellationToken);

    /// <summary>The rule in force.</summary>
    public LimitRule RuleOf(GateId gate, Meter meter) => meter.Override ?? limits.RuleOf(gate) ?? meter.Rule ?? LimitRule.None;

    /// <summary>Replaces the rule of a gate until it is reset.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task ChangeAsync(GateId gate, LimitRule rule, string by, string reason, CancellationToken cancellationToken)
    {
        var why = $"changed by {by} at {time.GetUtcNow():u}: {reason}";
        await WriteAsync(gate, meter => InForce(meter, rule) with { Override = rule, OverrideWhy = why }, cancellationToken);
        LimitLog.Changed(logger, by, gate, rule, reason);
    }

    /// <summary>Goes back to the configured rule.</summary>
    public async Task ResetAsync(GateId gate, string by, CancellationToken cancellationToken)
    {
        var rule = limits.RuleOf(gate) ?? LimitRule.None;
        await WriteAsync(gate, meter => InForce(meter, rule) with { Override = null, OverrideWhy = null }, cancellationToken);
        LimitLog.Reset(logger, by, gate);
    }

    /// <summary>Closes a gate: no job starts there until then.</summary>
    public async Task CloseAsync(GateId gate, DateTimeOffset? until, string by, string reason, CancellationToken cancellationToken)
    {
        var why = $"closed by {by} at {time.GetUtcNow():u}: {reason}";
        await WriteAsync(gate, meter => meter with { BlockedUntil = until ?? NoEnd, BlockedWhy = why }, cancellationToken);
        LimitLog.Closed(logger, by, gate, reason);
    }

    /// <summary>Opens a gate that was closed.</summary>
    public async Task OpenAsync(GateId gate, string by, CancellationToken cancellationToken)
    {
        await WriteAsync(gate, meter => meter with { BlockedUntil = null, BlockedWhy = null }, cancellationToken);
        LimitLog.Opened(logger, by, gate);
    }

    /// <summary>The owners go by the new rule from now on. Those that hold more than it allows keep it until their jobs end.</summary>
    private static Meter InForce(Meter meter, LimitRule rule) => rule.Concurrency is { } slots
        ? meter with { Owners = [.. meter.Owners.Select(owner => owner with { Limit = slots })] }
        : meter;

    private async Task WriteAsync(GateId gate, Func<Meter, Meter> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var meter = await store.ReadMeterAsync(gate, cancellationToken);
            if (await store.TryWriteAsync(new GateChange(gate, change(meter)), cancellationToken) is not null)
                break;
        }

        var local = gates.Of(gate);
        local.Invalidate();
        await local.TurnAsync();
    }
}
