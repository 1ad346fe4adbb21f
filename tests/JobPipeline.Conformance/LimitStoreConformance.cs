using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="ILimitStore"/>.</summary>
public abstract class LimitStoreConformance : Suite
{
    private static readonly GateId Gate = new("stripe", Samples.Awkward);

    private static readonly Meter Full = new()
    {
        Rule = new LimitRule(5, new LimitRate(100, TimeSpan.FromHours(1), 3, LimitAlgorithm.FixedWindow)),
        Override = new LimitRule(null, new LimitRate(1, TimeSpan.FromSeconds(1), 2, LimitAlgorithm.Gcra)),
        OverrideWhy = Samples.Awkward,
        Owners = [new SlotOwner("a:1:x", 2, 5, Samples.Now), new SlotOwner("b:2:y", 3, 4, Samples.Now.AddTicks(1))],
        Granted = 7,
        NextArrival = Samples.Now.AddTicks(3),
        Window = Samples.Now.AddTicks(5),
        Used = 11,
        HasLot = true,
        TurnDue = Samples.Now.AddTicks(7),
        BlockedUntil = Samples.Now.AddTicks(9),
        BlockedWhy = Samples.Awkward,
    };

    private protected abstract ILimitStore Store { get; }

    [Fact]
    public async Task ReadMeter_OfAnUnknownGate_IsFresh() => Assert.Equal(Meter.Fresh, await Store.ReadMeterAsync(Gate, Token));

    [Fact]
    public async Task TryWrite_OfEveryProperty_IsReadAsWritten()
    {
        var written = await Store.TryWriteAsync(new GateChange(Gate, Full), Token);

        var read = await Store.ReadMeterAsync(Gate, Token);
        Assert.Equal(written!.Meter.Version, read.Version);
        Assert.Equal(Full.Owners, read.Owners);
        Assert.Equal(Full with { Owners = read.Owners, Version = read.Version }, read);
    }

    [Fact]
    public async Task TryWrite_OfAnOldVersion_IsRefused()
    {
        var first = (await Store.TryWriteAsync(new GateChange(Gate, Meter.Fresh), Token))!.Meter;
        await Store.TryWriteAsync(new GateChange(Gate, first with { Granted = 1 }), Token);

        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, first with { Granted = 2 }), Token));
        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, Meter.Fresh), Token));

        Assert.Equal(1, (await Store.ReadMeterAsync(Gate, Token)).Granted);
    }

    [Fact]
    public async Task TryWrite_OfARemovedMeter_LeavesAFreshOne()
    {
        var written = (await Store.TryWriteAsync(new GateChange(Gate, Full), Token))!.Meter;

        var removed = await Store.TryWriteAsync(new GateChange(Gate, written) { RemovesMeter = true }, Token);

        Assert.Null(removed!.Meter.Version);
        Assert.Equal(Meter.Fresh, await Store.ReadMeterAsync(Gate, Token));
    }

    [Fact]
    public async Task Park_WithoutALot_IsRefused()
    {
        Assert.Equal(ParkResult.NoLot, await Store.ParkAsync(Gate, [Row(1)], Token));

        Assert.Null(await Store.FindAsync(Gate, Row(1).Key, Token));
    }

    [Fact]
    public async Task List_OfARange_HasItsPlacesInOrderWithoutMessages()
    {
        await OpenAsync(Row(3));
        await Store.ParkAsync(Gate, [Row(2), Row(1)], Token);

        var all = await Store.ListAsync(Gate, ParkedKey.First, to: null, 10, Token);
        var some = await Store.ListAsync(Gate, Row(1).Key.Next, Row(3).Key, 10, Token);
        var first = await Store.ListAsync(Gate, ParkedKey.First, to: null, 1, Token);

        Assert.Equal([Row(1).Job, Row(2).Job, Row(3).Job], all.Select(row => row.Job));
        Assert.All(all, row => Assert.True(row.Body.IsEmpty));
        Assert.Equal(Row(1).ParkedAt, all[0].ParkedAt);
        Assert.Equal([Row(2).Job], some.Select(row => row.Job));
        Assert.Equal([Row(1).Job], first.Select(row => row.Job));
        Assert.Equal(Row(1).Job, Row(1).Key.Job);
    }

    [Fact]
    public async Task TryRemove_OfARowAsRead_RemovesIt()
    {
        await OpenAsync(Row(1));
        var row = (await Store.FindAsync(Gate, Row(1).Key, Token))!;

        Assert.True(await Store.TryRemoveAsync(Gate, row, Token));

        Assert.Null(await Store.FindAsync(Gate, Row(1).Key, Token));
        Assert.False(await Store.TryRemoveAsync(Gate, row, Token));
    }

    [Fact]
    public async Task TryRemove_OfARowThatHasChanged_IsRefused()
    {
        await OpenAsync(Row(1));
        var row = (await Store.FindAsync(Gate, Row(1).Key, Token))!;
        var meter = await Store.ReadMeterAsync(Gate, Token);
        await Store.TryWriteAsync(new GateChange(Gate, meter) { Changed = [row with { IsGranted = true }] }, Token);

        Assert.False(await Store.TryRemoveAsync(Gate, row, Token));

        Assert.NotNull(await Store.FindAsync(Gate, Row(1).Key, Token));
    }

    [Fact]
    public async Task Park_InAnOpenLot_IsReadInOrder()
    {
        await OpenAsync(Row(3));

        Assert.Equal(ParkResult.Parked, await Store.ParkAsync(Gate, [Row(2), Row(1)], Token));

        var lot = await Store.ReadLotAsync(Gate, 2, withUnstarted: true, Token);
        Assert.Equal([Row(1).Job, Row(2).Job], lot.Waiting.Select(row => row.Job));
        Assert.Empty(lot.Unstarted);
        Assert.NotNull(lot.Version);
        Assert.True(lot.Meter.HasLot);
    }

    [Fact]
    public async Task Park_OfAParkedJob_WritesNothing()
    {
        await OpenAsync(Row(1));

        Assert.Equal(ParkResult.Exists, await Store.ParkAsync(Gate, [Row(2), Row(1) with { Sends = 9 }], Token));

        Assert.Null(await Store.FindAsync(Gate, Row(2).Key, Token));
        Assert.Equal(0, (await Store.FindAsync(Gate, Row(1).Key, Token))!.Sends);
    }

    [Fact]
    public async Task Find_OfAParkedJob_ReadsEveryProperty()
    {
        var row = Row(1) with { IsGranted = true, IsKept = true, SentAt = Samples.Now.AddTicks(1), Sends = 3 };
        await OpenAsync(row);

        var found = await Store.FindAsync(Gate, row.Key, Token);

        Assert.Equal(row.Body.ToArray(), found!.Body.ToArray());
        Assert.Equal(row with { Body = found.Body, Version = found.Version }, found);
    }

    [Fact]
    public async Task TryWrite_OfGrants_MovesThemToTheUnstarted()
    {
        var written = await OpenAsync(Row(1), Row(2));
        var lot = await Store.ReadLotAsync(Gate, 9, withUnstarted: false, Token);

        var granted = await Store.TryWriteAsync(
            new GateChange(Gate, written.Meter with { Granted = 1 }) { Changed = [lot.Waiting[0] with { IsGranted = true }] }, Token);

        var after = await Store.ReadLotAsync(Gate, 9, withUnstarted: true, Token);
        Assert.Equal([Row(2).Job], after.Waiting.Select(row => row.Job));
        Assert.Equal(granted!.Changed.Select(row => row.Version), after.Unstarted.Select(row => row.Version));
    }

    [Fact]
    public async Task TryWrite_OfAChangedRow_ChangesNothing()
    {
        var written = await OpenAsync(Row(1));
        var old = (await Store.FindAsync(Gate, Row(1).Key, Token))!;
        var meter = (await Store.TryWriteAsync(
            new GateChange(Gate, written.Meter) { Changed = [old with { IsGranted = true }] }, Token))!.Meter;

        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, meter with { Granted = 5 }) { Removed = [old] }, Token));

        Assert.Equal(0, (await Store.ReadMeterAsync(Gate, Token)).Granted);
        Assert.NotNull(await Store.FindAsync(Gate, old.Key, Token));
    }

    [Fact]
    public async Task TryWrite_OfARowThatIsGone_IsRefused()
    {
        var written = await OpenAsync(Row(1));
        var row = (await Store.FindAsync(Gate, Row(1).Key, Token))!;
        var meter = (await Store.TryWriteAsync(new GateChange(Gate, written.Meter) { Removed = [row] }, Token))!.Meter;

        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, meter) { Removed = [row] }, Token));
        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, meter) { Changed = [row] }, Token));
    }

    [Fact]
    public async Task TryWrite_ThatClosesALotWithANewRow_IsRefused()
    {
        await OpenAsync();
        var lot = await Store.ReadLotAsync(Gate, 9, withUnstarted: false, Token);
        await Store.ParkAsync(Gate, [Row(1)], Token);

        Assert.Null(await Store.TryWriteAsync(
            new GateChange(Gate, lot.Meter with { HasLot = false }) { ClosesLot = lot.Version }, Token));

        Assert.True((await Store.ReadMeterAsync(Gate, Token)).HasLot);
    }

    [Fact]
    public async Task TryWrite_ThatClosesTheLot_RefusesParking()
    {
        await OpenAsync();
        var lot = await Store.ReadLotAsync(Gate, 9, withUnstarted: false, Token);

        Assert.NotNull(await Store.TryWriteAsync(
            new GateChange(Gate, lot.Meter with { HasLot = false }) { ClosesLot = lot.Version }, Token));

        Assert.Equal(ParkResult.NoLot, await Store.ParkAsync(Gate, [Row(1)], Token));
        Assert.Null((await Store.ReadLotAsync(Gate, 9, withUnstarted: false, Token)).Version);
    }

    [Fact]
    public async Task TryWrite_ThatOpensAnOpenLot_IsRefused()
    {
        var written = await OpenAsync();

        Assert.Null(await Store.TryWriteAsync(new GateChange(Gate, written.Meter) { OpensLot = true }, Token));
    }

    [Fact]
    public async Task Gates_OfTwoKeys_AreApart()
    {
        await OpenAsync(Row(1));
        var other = new GateId(Gate.Limit, "other");

        Assert.Equal(Meter.Fresh, await Store.ReadMeterAsync(other, Token));
        Assert.Null(await Store.FindAsync(other, Row(1).Key, Token));
    }

    [Fact]
    public async Task ListDue_UpToATime_IsInOrder()
    {
        var other = new GateId("other", "");
        await Store.AddDueAsync(new DueGate(Gate, Samples.Now.AddTicks(2)), Token);
        await Store.AddDueAsync(new DueGate(other, Samples.Now.AddTicks(1)), Token);
        await Store.AddDueAsync(new DueGate(other, Samples.Now.AddTicks(1)), Token);
        await Store.AddDueAsync(new DueGate(Gate, Samples.Now.AddTicks(3)), Token);

        var due = await Store.ListDueAsync(Samples.Now.AddTicks(2), 9, Token);

        Assert.Equal([new DueGate(other, Samples.Now.AddTicks(1)), new DueGate(Gate, Samples.Now.AddTicks(2))], due);
        Assert.Single(await Store.ListDueAsync(Samples.Now.AddTicks(2), 1, Token));
    }

    [Fact]
    public async Task RemoveDue_OfOneTime_KeepsTheOthers()
    {
        var (first, second) = (new DueGate(Gate, Samples.Now), new DueGate(Gate, Samples.Now.AddTicks(1)));
        await Store.AddDueAsync(first, Token);
        await Store.AddDueAsync(second, Token);

        await Store.RemoveDueAsync(first, Token);
        await Store.RemoveDueAsync(first, Token);

        Assert.Equal([second], await Store.ListDueAsync(Samples.Now.AddDays(1), 9, Token));
    }

    private async Task<GateWrite> OpenAsync(params ParkedJob[] rows) => (await Store.TryWriteAsync(
        new GateChange(Gate, Meter.Fresh with { HasLot = true }) { Added = rows, OpensLot = true }, Token))!;

    private static ParkedJob Row(int minute)
    {
        var spec = new JobSpec { Type = "sample", EnqueuedAt = Samples.Now.AddMinutes(minute) };
        var id = JobId.FromDelivery($"message {minute}", Samples.Now);
        return new ParkedJob
        {
            Job = id,
            Key = ParkedKey.Of(id, PriorityQueues.Normal, spec),
            Queue = PriorityQueues.Normal,
            Type = spec.Type,
            Body = new byte[] { 1, 2, (byte)minute },
            ParkedAt = Samples.Now,
        };
    }
}
