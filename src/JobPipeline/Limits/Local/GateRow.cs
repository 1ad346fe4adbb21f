using System.Security.Cryptography;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Local;

/// <summary>The row of a gate's meter: reads it when what is known is too old, and writes it under its version.</summary>
internal sealed class GateRow(LocalGate gate, LocalGateServices services)
{
    /// <summary>Writes that other instances were faster with, before the requests fail and the messages come back.</summary>
    public const int MaxLosses = 12;

    /// <summary>The longest random delay after a lost write; it grows with each.</summary>
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMilliseconds(50);

    public DateTimeOffset Now => services.Time.GetUtcNow();

    public LimitRule RuleOf(Meter meter) => services.RuleOf(gate.Id, meter);

    /// <summary>The meter, at most <see cref="LocalGate.Freshness"/> old.</summary>
    public async Task<Meter> CurrentAsync()
    {
        var now = Now;
        if (!gate.IsCurrent(now))
            gate.Adopt(await services.Store.ReadMeterAsync(gate.Id, CancellationToken.None), now);
        return gate.Meter;
    }

    /// <summary>Writes a change. Returns null if another instance was faster; the meter is read again then.</summary>
    public async Task<GateWrite?> TryWriteAsync(GateChange change, DateTimeOffset now)
    {
        // Until the answer is there, nothing is known: an exception may hide that slots were given back.
        gate.Invalidate();
        if (await services.Store.TryWriteAsync(change, CancellationToken.None) is not { } written)
        {
            services.Metrics.Conflict(gate.Id.Limit);
            return null;
        }

        gate.Adopt(written.Meter, now);
        return written;
    }

    public Task BackOffAsync(int losses) =>
        Task.Delay(LongestBackOff * losses * (RandomNumberGenerator.GetInt32(1000) / 1000.0), services.Time);
}
