using CsCheck;
using JobPipeline.Configuration;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Tests.Limits.Meters;

public sealed class PermitPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Gen<LimitRate> Rates =
        from count in Gen.Int[1, 50]
        from seconds in Gen.Int[1, 120]
        from burst in Gen.Int[1, 20]
        select new LimitRate(count, TimeSpan.FromSeconds(seconds), burst, LimitAlgorithm.Gcra);

    private static readonly Gen<LimitRate> Windows =
        from count in Gen.Int[1, 50]
        from minutes in Gen.Int[1, 90]
        select new LimitRate(count, TimeSpan.FromMinutes(minutes), 1, LimitAlgorithm.FixedWindow);

    /// <summary>Milliseconds between rounds, how many calls ask, and how many starts ask besides.</summary>
    private static readonly Gen<(int Wait, int Calls, int Starts)[]> Rounds =
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 20], Gen.Int[0, 5]).Array[1, 60];

    [Fact]
    public void For_CallsBeyondTheBurst_TakesTheNextPermitsInAdvance()
    {
        var rate = new LimitRate(1, TimeSpan.FromSeconds(1), 2, LimitAlgorithm.Gcra);

        var plan = For(Meter.Fresh, rate, 10);

        Assert.Equal(
            [0, 0, 1, 2, 3, 4, 5], plan.Times.Where(time => time.IsTaken).Select(time => (int)(time.At - Noon).TotalSeconds));
        // The others do not come back at the same time.
        Assert.Equal([6, 7, 8], plan.Times.Where(time => !time.IsTaken).Select(time => (int)(time.At - Noon).TotalSeconds));
    }

    [Fact]
    public void For_CallsThatWereRefusedBefore_ExpectsTheirPermitsInTurn()
    {
        var rate = new LimitRate(1, TimeSpan.FromMinutes(1), 1, LimitAlgorithm.Gcra);
        var first = For(Meter.Fresh, rate, 2);

        var second = For(first.Meter, rate, 1, first.Line);

        Assert.Equal(Noon + TimeSpan.FromMinutes(2), Assert.Single(second.Times).At);
    }

    [Fact]
    public void For_AFullWindow_ExpectsOnlyAsManyAsTheNextOneHolds()
    {
        var rate = new LimitRate(2, TimeSpan.FromMinutes(10), 1, LimitAlgorithm.FixedWindow);
        var now = Noon + TimeSpan.FromMinutes(1);

        var plan = PermitPlan.For(Meter.Fresh, new LimitRule(null, rate), new PermitRound(Latest(now, 7), Meter.Fresh), now);

        TimeSpan[] expected = [.. new[] { 1, 1, 10, 10, 20, 20, 30 }.Select(
            minutes => TimeSpan.FromMinutes(minutes) + (minutes > 1 ? MeterRules.ClockSkew : TimeSpan.Zero))];
        Assert.Equal(expected, plan.Times.Select(time => time.At - Noon));
        Assert.Equal(2, plan.Times.Count(time => time.IsTaken));
        Assert.Equal(2, plan.Meter.Used);
    }

    [Fact]
    public void For_AGateThatIsClosed_RefusesCallsEvenWithoutARate()
    {
        var meter = Meter.Fresh with { BlockedUntil = Noon + TimeSpan.FromSeconds(3) };

        var plan = PermitPlan.For(meter, new LimitRule(3, null), new PermitRound(Latest(Noon, 1), Meter.Fresh), Noon);

        Assert.Equal(new PermitTime(Noon + TimeSpan.FromSeconds(3), IsTaken: false), Assert.Single(plan.Times));
        Assert.Same(meter, plan.Meter);
    }

    [Fact]
    public void For_AGateWithoutARate_WritesNothing()
    {
        var plan = PermitPlan.For(Meter.Fresh, new LimitRule(3, null), new PermitRound(Latest(Noon, 2), Meter.Fresh), Noon);

        Assert.All(plan.Times, time => Assert.Equal(new PermitTime(Noon, IsTaken: true), time));
        Assert.Same(Meter.Fresh, plan.Meter);
    }

    [Fact]
    public void For_AGateWithALot_GivesPermits()
    {
        var rate = new LimitRate(1, TimeSpan.FromSeconds(1), 1, LimitAlgorithm.Gcra);

        Assert.True(For(Meter.Fresh with { HasLot = true, Granted = 5 }, rate, 1).Times[0].IsTaken);
    }

    [Fact]
    public void For_AnyDemand_NeverExceedsTheRate() => Gen.Select(Rates, Rounds).Sample((rate, rounds) =>
    {
        var times = Times(rate, rounds);
        for (var i = 0; i < times.Count; i++)
        {
            for (var j = i; j < times.Count; j++)
                Assert.True(j - i + 1 <= ((times[j] - times[i]) / rate.Interval) + rate.Burst + 1e-6);
        }
    });

    [Fact]
    public void For_AnyDemand_NeverExceedsAWindow() => Gen.Select(Windows, Rounds).Sample((rate, rounds) =>
        Assert.All(
            Times(rate, rounds).GroupBy(time => time.UtcTicks / rate.Period.Ticks),
            window => Assert.True(window.Count() <= rate.Count)));

    [Fact]
    public void For_AnyDemand_RefusesForAnHourAtMost() => Gen.Select(Gen.OneOf(Rates, Windows), Gen.Int[1, 500]).Sample((rate, calls) =>
        Assert.All(For(Meter.Fresh, rate, calls).Times, time => Assert.InRange(time.At, Noon, Noon + PermitPlan.LongestRefusal)));

    private static PermitPlan For(Meter meter, LimitRate rate, int calls, Meter? line = null) =>
        PermitPlan.For(meter, new LimitRule(null, rate), new PermitRound(Latest(Noon, calls), line ?? Meter.Fresh), Noon);

    private static List<DateTimeOffset> Latest(DateTimeOffset now, int calls) => [.. Enumerable.Repeat(now + Patience, calls)];

    /// <summary>The times of all calls and starts, in order.</summary>
    private static List<DateTimeOffset> Times(LimitRate rate, (int Wait, int Calls, int Starts)[] rounds)
    {
        var (meter, line, now) = (Meter.Fresh, Meter.Fresh, Noon);
        var times = new List<DateTimeOffset>();
        foreach (var (wait, calls, starts) in rounds)
        {
            now += TimeSpan.FromMilliseconds(wait);
            var plan = PermitPlan.For(meter, new LimitRule(null, rate), new PermitRound(Latest(now, calls), line, Prepaid: 1), now);
            (meter, line) = (plan.Meter, plan.Line);
            times.AddRange(plan.Times.Where(time => time.IsTaken).Select(time => time.At));
            times.AddRange(Enumerable.Repeat(now, plan.Prepaid));
            (meter, var started) = RateRules.Take(meter, rate, starts, now);
            times.AddRange(Enumerable.Repeat(now, started));
        }

        times.Sort();
        return times;
    }
}
