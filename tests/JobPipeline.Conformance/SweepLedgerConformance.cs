using JobPipeline.Maintenance;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="ISweepLedger"/>.</summary>
public abstract class SweepLedgerConformance : Suite
{
    private static readonly DateTimeOffset Hour = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly SweepPlace Place = new(Hour, "jobs", Samples.Awkward, Samples.Now, Samples.Now.AddTicks(2));

    private protected abstract ISweepLedger Ledger { get; }

    [Fact]
    public async Task TryWrite_OfAWatermark_IsReadAsWritten()
    {
        Assert.Null(await Ledger.ReadAsync(Token));
        var mark = new SweepWatermark { Place = Place, Slice = 7, NextRunAt = Samples.Now, HeldUntil = Samples.Now.AddTicks(1) };

        var version = await Ledger.TryWriteAsync(mark, Token);

        Assert.Equal(mark with { Version = version }, await Ledger.ReadAsync(Token));
        var plain = new SweepWatermark { Place = new SweepPlace(Hour, "jobs"), Version = version };
        version = await Ledger.TryWriteAsync(plain, Token);
        Assert.Equal(plain with { Version = version }, await Ledger.ReadAsync(Token));
    }

    [Fact]
    public async Task TryWrite_Concurrently_OneWins()
    {
        var mark = new SweepWatermark { Place = Place };
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Ledger.TryWriteAsync(mark with { Slice = i }, Token)));
        var version = Assert.Single(first, version => version is not null);

        var second = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(i => Ledger.TryWriteAsync(mark with { Slice = i, Version = version }, Token)));

        Assert.Single(second, newer => newer is not null);
        Assert.Null(await Ledger.TryWriteAsync(mark with { Version = version }, Token));
    }

    [Fact]
    public async Task ListDue_OfSeveral_IsOrderedAndBounded()
    {
        var leftovers = Enumerable.Range(0, 5)
            .Select(i => new SweepLeftover(Place with { From = Hour.AddHours(-i) }, Samples.Now.AddSeconds(i)))
            .ToList();
        foreach (var leftover in leftovers.AsEnumerable().Reverse())
            await Ledger.PutLeftoverAsync(leftover, Token);

        Assert.Empty(await Ledger.ListDueAsync(Samples.Now.AddTicks(-1), 10, Token));
        Assert.Equal(leftovers[..3], await Ledger.ListDueAsync(Samples.Now.AddSeconds(2), 10, Token));
        Assert.Equal(leftovers[..2], await Ledger.ListDueAsync(Samples.Now.AddDays(1), 2, Token));
    }

    [Fact]
    public async Task PutAndRemove_OfALeftover_AffectOnlyItsRangeKindAndTime()
    {
        var leftover = new SweepLeftover(Place, Samples.Now);
        var another = leftover with { Place = Place with { Kind = "payloads" } };
        var moved = leftover with { Place = Place with { Position = null, LookAgainAt = null } };
        await Ledger.PutLeftoverAsync(leftover, Token);
        await Ledger.PutLeftoverAsync(another, Token);

        await Ledger.PutLeftoverAsync(moved, Token);
        Assert.Equal(new HashSet<SweepLeftover> { moved, another }, (await Ledger.ListDueAsync(Samples.Now, 10, Token)).ToHashSet());

        await Ledger.RemoveLeftoverAsync(leftover, Token);
        await Ledger.RemoveLeftoverAsync(leftover, Token);
        Assert.Equal(another, Assert.Single(await Ledger.ListDueAsync(Samples.Now, 10, Token)));
    }
}
