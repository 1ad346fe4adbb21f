namespace JobPipeline.Maintenance;

/// <summary>Who may run a sweep: one instance at a time, and not before it is due.</summary>
internal sealed class SweepTurn(ISweepLedger ledger, TimeSpan interval)
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(5);

    /// <summary>An instance that died, or failed, in the middle is followed by another one after this.</summary>
    private readonly TimeSpan _hold = interval < LongestHold ? interval : LongestHold;

    private DateTimeOffset _notBefore;

    /// <summary>Null: not due yet, or another instance is at it.</summary>
    /// <param name="now">The present.</param>
    /// <param name="findFirst">Where the very first run begins.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SweepWatermark?> TakeAsync(DateTimeOffset now, Func<Task<SweepPlace>> findFirst, CancellationToken cancellationToken)
    {
        if (_notBefore > now)
            return null;
        var mark = await ledger.ReadAsync(cancellationToken) ?? new SweepWatermark { Place = await findFirst() };
        if (mark.NextRunAt > now || mark.HeldUntil > now)
        {
            // Asked for again and again: the answer is known until then.
            _notBefore = mark.HeldUntil > now ? mark.HeldUntil.Value : mark.NextRunAt;
            return null;
        }

        var held = mark with { HeldUntil = now + _hold };
        return await ledger.TryWriteAsync(held, cancellationToken) is { } version ? held with { Version = version } : null;
    }

    /// <summary>The run has ended; the next one is due at that moment.</summary>
    public Task ReturnAsync(SweepWatermark mark, DateTimeOffset nextRunAt, CancellationToken cancellationToken) =>
        ledger.TryWriteAsync(mark with { HeldUntil = null, NextRunAt = nextRunAt }, cancellationToken);
}
