using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Tests.Limits.Meters;

public sealed class MeterRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);
    private static readonly LimitRule Five = new(5, null);

    [Fact]
    public void FreeSlots_OfAFreshMeter_IsTheLimit() => Assert.Equal(5, MeterRules.FreeSlots(Meter.Fresh, Five, Now));

    [Fact]
    public void FreeSlots_WithOwnersAndGrants_CountsBoth()
    {
        var meter = Held(("a", 2), ("b", 1)) with { Granted = 1 };

        Assert.Equal(1, MeterRules.FreeSlots(meter, Five, Now));
    }

    [Fact]
    public void FreeSlots_OfAnOwnerThatLapsed_ComeBackAfterTheSkew()
    {
        var meter = Held(("a", 5));

        Assert.Equal(0, MeterRules.FreeSlots(meter, Five, Now + Lease + MeterRules.ClockSkew));
        Assert.Equal(5, MeterRules.FreeSlots(meter, Five, Now + Lease + MeterRules.ClockSkew + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void FreeSlots_OfOwnersThatDisagree_GoByTheLowestLimit()
    {
        var meter = MeterRules.WithSlots(Held(("a", 2)), new LimitRule(3, null), "b", 1, Now, Lease);

        Assert.Equal(0, MeterRules.FreeSlots(meter, Five, Now));
    }

    [Fact]
    public void FreeSlots_AfterALowerLimit_AreNegative() =>
        Assert.Equal(-2, MeterRules.FreeSlots(MeterRules.WithSlots(Held(("a", 4)), Five, "b", 1, Now, Lease), new LimitRule(3, null), Now));

    [Fact]
    public void FreeSlots_WithoutAConcurrency_HaveNoEnd() =>
        Assert.Equal(int.MaxValue, MeterRules.FreeSlots(Held(("a", 2)), new LimitRule(null, null), Now));

    [Fact]
    public void SlotsOf_AfterItsOwnLease_AreNone()
    {
        var meter = Held(("a", 2));

        Assert.Equal(2, MeterRules.SlotsOf(meter, "a", Now));
        Assert.Equal(0, MeterRules.SlotsOf(meter, "a", Now + Lease));
        Assert.Equal(0, MeterRules.SlotsOf(meter, "b", Now));
    }

    [Fact]
    public void IsFresh_OnlyWithoutOwnersGrantsAndDebt_IsTrue()
    {
        var later = Now + Lease + MeterRules.ClockSkew + TimeSpan.FromTicks(1);
        Assert.True(MeterRules.IsFresh(Held(("a", 2)), Five, later));
        Assert.False(MeterRules.IsFresh(Held(("a", 2)), Five, Now));
        Assert.False(MeterRules.IsFresh(Meter.Fresh with { Granted = 1 }, Five, later));
        Assert.False(MeterRules.IsFresh(Meter.Fresh with { HasLot = true }, Five, later));
        Assert.False(MeterRules.IsFresh(Meter.Fresh with { BlockedUntil = later }, Five, later));
    }

    private static Meter Held(params (string Instance, int Slots)[] owners) => owners.Aggregate(
        Meter.Fresh, (meter, owner) => MeterRules.WithSlots(meter, Five, owner.Instance, owner.Slots, Now, Lease));
}
