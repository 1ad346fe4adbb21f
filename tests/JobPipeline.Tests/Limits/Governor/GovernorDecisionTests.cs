using CsCheck;
using JobPipeline.Instances;
using JobPipeline.Limits.Governor;

namespace JobPipeline.Tests.Limits.Governor;

public sealed class GovernorDecisionTests
{
    private const int Capacity = 32;
    private const long Limit = 1_000_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly GovernorOptions Options = new();

    private DateTimeOffset _now = Start;

    [Theory]
    [InlineData(GovernorLevel.Open)]
    [InlineData(GovernorLevel.Easing)]
    [InlineData(GovernorLevel.Closed)]
    internal void For_EveryLoad_MatchesTheDocumentedTable(GovernorLevel level)
    {
        var table = MarkdownTable.Read("docs/operations.md", "Level");
        foreach (var load in Enum.GetValues<ResourceLoad>())
        {
            var (next, step) = GovernorDecision.For(level, load);
            var line = Assert.Single(table, line => Covers(line[0], level) && Covers(line[1], load));
            Assert.Equal((line[2], line[3]), ($"`{next}`", $"`{step}`"));
        }
    }

    [Theory]
    [InlineData(0.74, ResourceLoad.Low)]
    [InlineData(0.76, ResourceLoad.Medium)]
    [InlineData(0.85, ResourceLoad.High)]
    [InlineData(0.91, ResourceLoad.High)]
    [InlineData(0.92, ResourceLoad.Critical)]
    [InlineData(1.5, ResourceLoad.Critical)]
    internal void LoadOf_AnyShare_FollowsTheSettings(double used, ResourceLoad load) =>
        Assert.Equal(load, GovernorDecision.LoadOf(New(), Sample(used), Options));

    [Fact]
    public void LoadOf_AManagedHeapNearItsLimit_CountsLikeMemory()
    {
        var sample = Sample(0.70) with { HeapBytes = 73, HeapLimitBytes = 75 };
        Assert.Equal(ResourceLoad.Critical, GovernorDecision.LoadOf(New(), sample, Options));
    }

    [Theory]
    [InlineData(0.70, ResourceLoad.Low)]
    [InlineData(0.80, ResourceLoad.High)]
    internal void LoadOf_HighPressure_CountsOnlyWhereMemoryIsNearTheThreshold(double used, ResourceLoad load) =>
        Assert.Equal(load, GovernorDecision.LoadOf(New(), Sample(used) with { Pressure = 0.4 }, Options));

    [Fact]
    public void LoadOf_AReserve_IsTakenOffTheLimit() => Assert.Equal(
        ResourceLoad.Critical, GovernorDecision.LoadOf(New(), Sample(0.70), new GovernorOptions { ReserveBytes = Limit / 4 }));

    [Theory]
    [InlineData(null, GovernorLevel.Open)]
    [InlineData(0.5, GovernorLevel.Easing)]
    internal void Next_ThrottledByAQuota_EasesOnlyByChoice(double? threshold, GovernorLevel expected)
    {
        var options = new GovernorOptions { CpuThreshold = threshold };
        var state = New();
        for (var i = 0; i < 20; i++)
        {
            var sample = Sample(0.3) with { CpuPeriods = 10 * i, ThrottledPeriods = 8 * i };
            state = GovernorDecision.Next(state, new GovernorReading(sample, 8, Capacity, Start + (i * Second)), options);
        }

        Assert.Equal(expected, state.Level);
    }

    [Fact]
    public void Next_ABusyProcessorWithoutThrottling_StaysOpen()
    {
        var options = new GovernorOptions { CpuThreshold = 0.5 };
        var state = New();
        for (var i = 0; i < 20; i++)
        {
            var sample = Sample(0.3) with { CpuPeriods = 10 * i };
            state = GovernorDecision.Next(state, new GovernorReading(sample, 8, Capacity, Start + (i * Second)), options);
        }

        Assert.Equal(GovernorLevel.Open, state.Level);
    }

    [Fact]
    public void Next_AStepTo95Percent_ClosesWithinThreeSamples()
    {
        var state = Run(New(), 10, 0.5, running: 32);
        Assert.Equal(GovernorLevel.Open, state.Level);

        state = Run(state, 3, 0.95, running: 32);

        Assert.Equal((GovernorLevel.Closed, 0), (state.Level, state.Allowed));
    }

    [Theory]
    [InlineData(0.85)]
    [InlineData(0.75)]
    [InlineData(0.92)]
    public void Next_OscillationOfThreePointsForAnHour_ChangesTheLevelAtMostFourTimes(double around)
    {
        foreach (var period in new[] { 2, 7, 20, 90 })
        {
            var (state, changes) = (New(), 0);
            for (var i = 0; i < 3600; i++)
            {
                var used = around + (0.03 * Math.Sin(2 * Math.PI * i / period));
                var next = Next(state, used, running: Math.Min(8, state.Allowed), Start + (i * Second));
                changes += next.Level != state.Level ? 1 : 0;
                state = next;
            }

            Assert.InRange(changes, 0, 4);
        }
    }

    [Fact]
    public void Next_AboveTheThreshold_LowersTheTargetEveryFiveSecondsToOne()
    {
        var state = New();
        var targets = new List<int>();
        for (var i = 0; i <= 60; i++)
        {
            var next = Next(state, 0.87, running: Math.Min(Capacity, state.Allowed), Start + (i * Second));
            if (next.Allowed != state.Allowed)
                targets.Add(next.Allowed);
            state = next;
        }

        Assert.Equal([24, 18, 13, 9, 6, 4, 3, 2, 1], targets);
        Assert.Equal((GovernorLevel.Easing, 1), (state.Level, state.Allowed));
    }

    [Fact]
    public void Next_WithFewRunning_LowersFromWhatIsRunning() =>
        Assert.Equal(3, Next(New(), 0.87, running: 4, Start).Allowed);

    [Fact]
    public void Next_BelowTheGap_RaisesTheTargetUntilItOpens()
    {
        var state = Next(New(), 0.87, running: 1, Start);
        Assert.Equal(1, state.Allowed);
        state = Run(state, 60, 0.80, running: 1);
        Assert.Equal(1, state.Allowed);

        var (seconds, previous) = (0, state.Allowed);
        for (; state.Level != GovernorLevel.Open; seconds++)
        {
            state = Run(state, 1, 0.5, running: 1);
            Assert.InRange(state.Allowed - previous, 0, state.Level == GovernorLevel.Open ? int.MaxValue : 2);
            previous = state.Allowed;
        }

        Assert.Equal(76, seconds);
    }

    [Fact]
    public void Next_ClosedWithJobsRunning_WaitsForThemAndEasesBelowTheThreshold()
    {
        var state = Run(New(), 300, 0.95, running: 3);
        Assert.Equal((GovernorLevel.Closed, 0, false), (state.Level, state.Allowed, state.HasCollected));

        state = Next(state, 0.86, running: 1, Start.AddHours(1));
        Assert.Equal(GovernorLevel.Closed, state.Level);
        state = Next(state, 0.84, running: 1, Start.AddHours(1) + Second);
        Assert.Equal((GovernorLevel.Easing, 1), (state.Level, state.Allowed));
    }

    [Fact]
    public void Next_ClosedWithNothingRunning_CollectsAndAfterAMinuteAdmitsOne()
    {
        var (state, collections) = (New(), new List<int>());
        for (var i = 0; i <= 60; i++)
        {
            state = Next(state, 0.95, running: 0, Start + (i * Second));
            if (state.Collects)
                collections.Add(i);
            Assert.Equal(i < 60 ? 0 : 1, state.Allowed);
        }

        Assert.Equal([5, 60], collections);
        Assert.Equal(GovernorLevel.Closed, state.Level);
        // Nothing arrives: the trial stays, and nothing more is collected.
        state = Next(state, 0.95, running: 0, Start.AddMinutes(5));
        Assert.Equal((1, false), (state.Allowed, state.Collects));
        Assert.Equal(TimeSpan.FromMinutes(5), state.ClosedFor(Start.AddMinutes(5)));
    }

    [Fact]
    public void Next_WithoutASample_IsOpen()
    {
        var state = Run(New(), 3, 0.95, running: 32);

        state = GovernorDecision.Next(state, new GovernorReading(null, 32, Capacity, Start.AddMinutes(1)), Options);

        Assert.Equal((GovernorLevel.Open, GovernorState.Unlimited), (state.Level, state.Allowed));
    }

    [Fact]
    public void Next_ByAnyHistory_KeepsItsPromises() =>
        Gen.Select(Gen.Double[0.5, 1.1], Gen.Int[0, 40], Gen.Int[1, 70]).Array[1, 120].Sample(history =>
        {
            var (state, now, idle) = (New(), Start, TimeSpan.Zero);
            foreach (var (used, running, seconds) in history)
            {
                for (var i = 0; i < seconds; i++)
                {
                    now += Second;
                    state = Next(state, used, running, now);
                    Assert.True(state.Level == GovernorLevel.Closed || state.Allowed >= 1, "below one slot without being closed");
                    Assert.True(used < Options.CloseAt || state.Level == GovernorLevel.Closed, "not closed at the closing share");
                    idle = state.Level == GovernorLevel.Closed && running == 0 ? idle + Second : TimeSpan.Zero;
                    Assert.True(idle <= GovernorDecision.TrialAfter + Second || state.Allowed == 1, "closed for ever");
                }
            }
        }, iter: 500);

    [Fact]
    public void Next_Baseline_IsTheLeastSeenWhileNothingRan()
    {
        var state = Next(New(), 0.40, running: 0, Start);
        state = Next(state, 0.20, running: 3, Start + Second);
        Assert.Equal((long)(0.40 * Limit), state.BaselineBytes);
        state = Next(state, 0.30, running: 0, Start + (2 * Second));
        state = Next(state, 0.50, running: 0, Start + (3 * Second));
        Assert.Equal((long)(0.30 * Limit), state.BaselineBytes);
    }

    private static bool Covers<T>(string cell, T value)
        where T : struct, Enum => cell == "any" || cell.Split(", ").Contains($"`{value}`", StringComparer.Ordinal);

    private static GovernorState New() => new() { Since = Start };

    private static ResourceSample Sample(double used) => new((long)(used * Limit), Limit);

    private static GovernorState Next(GovernorState state, double used, int running, DateTimeOffset now) =>
        GovernorDecision.Next(state, new GovernorReading(Sample(used), running, Capacity, now), Options);

    private GovernorState Run(GovernorState state, int samples, double used, int running)
    {
        for (var i = 0; i < samples; i++, _now += Second)
            state = Next(state, used, running, _now);
        return state;
    }
}
