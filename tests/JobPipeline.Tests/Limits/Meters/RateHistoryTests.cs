using CsCheck;
using JobPipeline.Configuration;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Tests.Limits.Meters;

/// <summary>
/// Instances whose clocks differ share a meter and take permits in advance: what starts, by the true clock, is what is promised.
/// </summary>
public sealed class RateHistoryTests
{
    private const int Runs = 100_000;

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    /// <summary>Instances, each with how far its clock is off: at most a second, so that no two differ by more than two.</summary>
    private static readonly Gen<int[]> Skews = Gen.Int[-1000, 1000].Array[1, 8];

    /// <summary>
    /// With more, the instances whose clocks are ahead get all permits, and what the others ask for here is not passed on to them.
    /// </summary>
    private static readonly Gen<int[]> SmallSkews = Gen.Int[-50, 50].Array[1, 8];

    /// <summary>Milliseconds since the last demand, the instance, and how many starts it wants.</summary>
    private static readonly Gen<(int Wait, int Instance, int Wanted)[]> Demands =
        Gen.Select(Gen.OneOf(Gen.Int[0, 50], Gen.Int[0, 3000]), Gen.Int[0, 7], Gen.Int[1, 10]).Array[1, 40];

    private static readonly Gen<LimitRate> Spaced =
        from count in Gen.Int[1, 100]
        from seconds in Gen.Int[1, 20]
        from burst in Gen.Int[1, 10]
        select new LimitRate(count, TimeSpan.FromSeconds(seconds), burst, LimitAlgorithm.Gcra);

    private static readonly Gen<LimitRate> Windows =
        from count in Gen.Int[1, 30]
        select new LimitRate(count, TimeSpan.FromMinutes(1), 1, LimitAlgorithm.FixedWindow);

    [Fact]
    public void Starts_OfASpacedRate_NeverExceedItInAnySpan() => Gen.Select(Spaced, Skews, Demands).Sample(
        (rate, skews, demands) =>
        {
            var starts = Run(rate, skews, demands);
            for (var i = 0; i < starts.Count; i++)
            {
                for (var j = i; j < starts.Count; j++)
                {
                    var most = ((starts[j] - starts[i] + MeterRules.ClockSkew) / rate.Interval) + rate.Burst;
                    Assert.True(j - i + 1 <= most + 1e-6, $"{j - i + 1} starts in {starts[j] - starts[i]}, {most} may");
                }
            }
        },
        iter: Runs);

    [Fact]
    public void Starts_OfAWindow_NeverExceedIt() => Gen.Select(Windows, Skews, Demands).Sample(
        (rate, skews, demands) => Assert.All(
            Run(rate, skews, demands).GroupBy(start => start.UtcTicks / rate.Period.Ticks),
            window => Assert.True(window.Count() <= rate.Count)),
        iter: Runs);

    [Fact]
    public void Starts_UnderTwiceTheDemand_UseNineTenthsOfTheRate() => Gen.Select(Gen.Int[5, 50], SmallSkews).Sample((perSecond, skews) =>
    {
        var rate = new LimitRate(perSecond, TimeSpan.FromSeconds(1), perSecond, LimitAlgorithm.Gcra);
        const int seconds = 30;
        // Every instance asks for its share of twice the rate, at even intervals.
        var demands = Enumerable.Range(0, 2 * perSecond * seconds)
            .Select(i => (Wait: i % 2 == 0 ? 1000 / perSecond : 0, Instance: i % skews.Length, Wanted: 1))
            .ToArray();

        var starts = Run(rate, skews, demands);

        var allowed = perSecond * ((starts[^1] - Noon) / TimeSpan.FromSeconds(1));
        Assert.True(starts.Count >= 0.9 * allowed, $"{starts.Count} of {allowed}");
    });

    private static List<DateTimeOffset> Run(LimitRate rate, int[] skews, (int Wait, int Instance, int Wanted)[] demands)
    {
        var (rule, meter, now) = (new LimitRule(null, rate), Meter.Fresh, Noon);
        var advances = new (Advance Last, int Left)[skews.Length];
        var starts = new List<DateTimeOffset>();
        foreach (var (wait, who, wanted) in demands)
        {
            now += TimeSpan.FromMilliseconds(wait);
            var instance = who % skews.Length;
            var own = now + TimeSpan.FromMilliseconds(skews[instance]);
            var advance = advances[instance];
            var taken = advance.Last.Until > own ? Math.Min(wanted, advance.Left) : 0;
            advances[instance].Left = advance.Left -= taken;
            if (taken < wanted)
            {
                var round = new AdmissionRound($"i{instance}", 0, 0, wanted - taken, advance.Last.Next(rate, advance.Left, own));
                var plan = AdmissionPlan.For(meter, rule, round, own, Lease);
                (meter, taken) = (plan.Meter, taken + plan.Admitted);
                if (plan.Admitted > 0)
                    advances[instance] = (new Advance(plan.Prepaid, own), plan.Prepaid);
            }

            starts.AddRange(Enumerable.Repeat(now, taken));
        }

        return starts;
    }
}
