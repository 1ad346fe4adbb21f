using CsCheck;
using JobPipeline.Configuration;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Tests.Limits.Meters;

public sealed class RateRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<LimitRate> Rates =
        from count in Gen.Int[1, 50]
        from seconds in Gen.Int[1, 120]
        from burst in Gen.Int[1, 20]
        select new LimitRate(count, TimeSpan.FromSeconds(seconds), burst, LimitAlgorithm.Gcra);

    private static readonly Gen<LimitRate> Windows =
        from count in Gen.Int[1, 50]
        from minutes in Gen.Int[1, 90]
        select new LimitRate(count, TimeSpan.FromMinutes(minutes), 1, LimitAlgorithm.FixedWindow);

    /// <summary>Milliseconds between demands, and how many starts each wants.</summary>
    private static readonly Gen<(int Wait, int Wanted)[]> Demands = Gen.Select(Gen.Int[0, 40_000], Gen.Int[1, 30]).Array[1, 80];

    [Fact]
    public void Take_AfterAQuietTime_GivesTheBurst()
    {
        var rate = new LimitRate(20, TimeSpan.FromSeconds(1), 5, LimitAlgorithm.Gcra);

        var (meter, count) = RateRules.Take(Meter.Fresh, rate, 9, Noon);

        Assert.Equal(5, count);
        Assert.Equal(Noon + TimeSpan.FromMilliseconds(50), RateRules.NextAt(meter, rate, Noon));
        Assert.Equal(0, RateRules.Take(meter, rate, 1, Noon).Count);
        Assert.Equal(1, RateRules.Take(meter, rate, 9, Noon + TimeSpan.FromMilliseconds(50)).Count);
    }

    [Fact]
    public void Take_OfAWindow_StartsAgainAtTheFullHour()
    {
        var rate = new LimitRate(3, TimeSpan.FromHours(1), 1, LimitAlgorithm.FixedWindow);
        var (meter, first) = RateRules.Take(Meter.Fresh, rate, 9, Noon + TimeSpan.FromMinutes(59));

        Assert.Equal(3, first);
        Assert.Equal(Noon + TimeSpan.FromHours(1) + MeterRules.ClockSkew, RateRules.NextAt(meter, rate, Noon + TimeSpan.FromMinutes(59)));
        Assert.Equal(3, RateRules.Take(meter, rate, 9, Noon + TimeSpan.FromHours(1) + MeterRules.ClockSkew).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1999)]
    [InlineData((60 * 60 * 1000) - 2000)]
    [InlineData((60 * 60 * 1000) - 1)]
    public void Take_NearTheEdgeOfAWindow_GivesNothing(int milliseconds)
    {
        var rate = new LimitRate(3, TimeSpan.FromHours(1), 1, LimitAlgorithm.FixedWindow);
        var now = Noon + TimeSpan.FromMilliseconds(milliseconds);

        Assert.Equal(0, RateRules.Take(Meter.Fresh, rate, 1, now).Count);
        Assert.True(RateRules.NextAt(Meter.Fresh, rate, now) > now);
    }

    [Fact]
    public void Take_UnderAnyDemand_NeverExceedsTheRate() => Gen.Select(Rates, Demands).Sample((rate, demands) =>
    {
        var starts = Starts(rate, demands);
        for (var i = 0; i < starts.Count; i++)
        {
            for (var j = i; j < starts.Count; j++)
                Assert.True(j - i + 1 <= ((starts[j] - starts[i]) / rate.Interval) + rate.Burst + 1e-6);
        }
    });

    [Fact]
    public void Take_UnderAnyDemand_NeverExceedsAWindow() => Gen.Select(Windows, Demands).Sample((rate, demands) =>
        Assert.All(
            Starts(rate, demands).GroupBy(start => start.UtcTicks / rate.Period.Ticks),
            window => Assert.True(window.Count() <= rate.Count)));

    [Fact]
    public void Take_AtTheNextTime_GivesAtLeastOne() => Gen.Select(Gen.OneOf(Rates, Windows), Demands).Sample((rate, demands) =>
    {
        var (meter, now) = (Meter.Fresh, Noon);
        foreach (var (wait, wanted) in demands)
        {
            now += TimeSpan.FromMilliseconds(wait);
            (meter, _) = RateRules.Take(meter, rate, wanted, now);
            var next = RateRules.NextAt(meter, rate, now);
            Assert.True(next >= now);
            Assert.True(RateRules.Take(meter, rate, 1, next).Count == 1, $"{rate} gives nothing at {next:O}");
        }
    });

    [Fact]
    public void Take_OfOneByOne_GivesTheSameAsAtOnce() => Gen.Select(Gen.OneOf(Rates, Windows), Gen.Int[1, 60]).Sample((rate, wanted) =>
    {
        var now = Noon + TimeSpan.FromSeconds(30);
        var (atOnce, count) = RateRules.Take(Meter.Fresh, rate, wanted, now);
        var oneByOne = Meter.Fresh;
        for (var i = 0; i < wanted; i++)
            (oneByOne, _) = RateRules.Take(oneByOne, rate, 1, now);
        Assert.Equal(atOnce, oneByOne);
        Assert.InRange(count, 0, wanted);
    });

    [Fact]
    public void Upcoming_OfABusyGate_AreTheTimesOfTheStarts() => Rates.Sample(rate =>
    {
        var (meter, _) = RateRules.Take(Meter.Fresh, rate, 100, Noon);
        var times = RateRules.Upcoming(meter, rate, Noon, TimeSpan.FromMinutes(5), 10).ToList();
        foreach (var at in times)
        {
            Assert.Equal(at, RateRules.NextAt(meter, rate, at));
            (meter, var count) = RateRules.Take(meter, rate, 1, at);
            Assert.Equal(1, count);
        }
    });

    private static List<DateTimeOffset> Starts(LimitRate rate, (int Wait, int Wanted)[] demands)
    {
        var (meter, now) = (Meter.Fresh, Noon);
        var starts = new List<DateTimeOffset>();
        foreach (var (wait, wanted) in demands)
        {
            now += TimeSpan.FromMilliseconds(wait);
            (meter, var count) = RateRules.Take(meter, rate, wanted, now);
            starts.AddRange(Enumerable.Repeat(now, count));
        }

        return starts;
    }
}
