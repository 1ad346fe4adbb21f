namespace JobPipeline.Maintenance;

/// <summary>Decides which instance may run a sweep: one at a time, and not before it is due.</summary>
internal sealed class SweepTurn(ISweepLedger ledger, TimeSpan interval)
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(5);

    /// <summary>If an instance dies or fails midway, another one may run the sweep after this time.</summary>
    private readonly TimeSpan _hold = interval < LongestHold ? interval : LongestHold;

    private DateTimeOffset _notBefore;

    /// <summary>Returns the watermark, held by this instance; null if the sweep is not due yet or is running on another instance.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="findFirst">Finds the place where the very first run starts.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<SweepWatermark?> TakeAsync(DateTimeOffset now, Func<Task<SweepPlace>> findFirst, CancellationToken cancellationToken)
    {
        if (_notBefore > now)
            return null;
        var mark = await ledger.ReadAsync(cancellationToken) ?? new SweepWatermark { Place = await findFirst() };
        if (mark.NextRunAt > now || mark.HeldUntil > now)
        {
            // Called often: until then the answer is known without a read.
            _notBefore = mark.HeldUntil > now ? mark.HeldUntil.Value : mark.NextRunAt;
            return null;
        }

        var held = mark with { HeldUntil = now + _hold };
        return await ledger.TryWriteAsync(held, cancellationToken) is { } version ? held with { Version = version } : null;
    }

    /// <summary>Ends the run and schedules the next one.</summary>
    public Task ReturnAsync(SweepWatermark mark, DateTimeOffset nextRunAt, CancellationToken cancellationToken) =>
        ledger.TryWriteAsync(mark with { HeldUntil = null, NextRunAt = nextRunAt }, cancellationToken);
}
