using CsCheck;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Instances;

namespace JobPipeline.Tests.Execution.UnknownTypes;

public sealed class UnknownTypeDecisionTests
{
    /// <summary>The number that docs/job-states.md states for a grace period of 15 minutes.</summary>
    private const int MostDeliveries = 36;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData("has a handler")]
    [InlineData("lists no types")]
    [InlineData("none")]
    public void For_EverySituation_MatchesTheDocumentedTable(string living)
    {
        var table = MarkdownTable.Read("docs/job-states.md", "A living instance");
        foreach (var (name, watched) in new[] { ("less than the grace period", Grace - Tick), ("the grace period or more", Grace) })
        {
            List<InstanceSpan> instances = [Living(since: watched, false)];
            if (living != "none")
                instances.Add(Living(TimeSpan.Zero, living == "has a handler" ? true : null));
            var decision = UnknownTypeDecision.For(instances, Now - watched, Now, Grace, jitter: 0);
            var line = Assert.Single(table, line => line[0] == living && MarkdownTable.Covers(line[1], name));
            Assert.Equal(line[2], decision.GetType().Name);
        }
    }

    [Fact]
    public void For_TypeWhoseInstanceJustStopped_CountsFromItsLastHeartbeat()
    {
        InstanceSpan[] instances = [Living(TimeSpan.FromHours(9), false), Gone(TimeSpan.FromHours(9), Grace - Tick, true)];

        var leave = Assert.IsType<UnknownTypeDecision.LeaveToOthers>(
            UnknownTypeDecision.For(instances, Now.AddHours(-8), Now, Grace, jitter: 0));

        Assert.Equal((false, Now + Tick), (leave.IsKnown, leave.GivesUpAt));
        Assert.Equal(Now + Tick, leave.Until);
        InstanceSpan[] later = [Living(TimeSpan.FromHours(9), false), Gone(TimeSpan.FromHours(9), Grace, true)];
        Assert.IsType<UnknownTypeDecision.DeadLetter>(UnknownTypeDecision.For(later, Now.AddHours(-8), Now, Grace, jitter: 0));
    }

    [Fact]
    public void For_OldJobAfterATimeWithoutInstances_CountsFromTheStartOfTheNextInstance()
    {
        InstanceSpan[] instances = [Living(TimeSpan.FromMinutes(4), false), Gone(TimeSpan.FromHours(70), TimeSpan.FromHours(60), true)];

        var leave = Assert.IsType<UnknownTypeDecision.LeaveToOthers>(
            UnknownTypeDecision.For(instances, Now.AddHours(-61), Now, Grace, jitter: 0));

        Assert.Equal(Now + Grace - TimeSpan.FromMinutes(4), leave.GivesUpAt);
    }

    [Fact]
    public void For_ManyShortLivedInstances_AddsUpTheTimeDuringWhichAnyRan()
    {
        // Two at a time, four minutes each, overlapping by two minutes: one hour in total.
        var instances = Enumerable.Range(0, 30).Select(i => TimeSpan.FromMinutes(2 * i))
            .Select(later => Gone(TimeSpan.FromMinutes(62) - later, TimeSpan.FromMinutes(58) - later, false));

        Assert.IsType<UnknownTypeDecision.DeadLetter>(
            UnknownTypeDecision.For([.. instances, Living(TimeSpan.FromSeconds(1), false)], Now.AddMinutes(-16), Now, Grace, jitter: 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void For_GraceOfZero_DeadLettersAtOnceUnlessALivingInstanceHasAHandler(bool isKnown)
    {
        var decision = UnknownTypeDecision.For([Living(TimeSpan.Zero, isKnown)], Now, Now, TimeSpan.Zero, jitter: 0);
        Assert.Equal(isKnown ? typeof(UnknownTypeDecision.LeaveToOthers) : typeof(UnknownTypeDecision.DeadLetter), decision.GetType());
    }

    [Theory]
    [InlineData(-5, 0, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(40, 0, 10)]
    [InlineData(40, 1, 12.5)]
    [InlineData(240, 0, 60)]
    [InlineData(604_800, 0, 60)]
    [InlineData(604_800, 1, 75)]
    public void WaitAfter_AnyAge_IsAQuarterOfItWithinBounds(int age, double jitter, double wait) =>
        Assert.Equal(
            TimeSpan.FromSeconds(wait), UnknownTypeDecision.WaitAfter(TimeSpan.FromSeconds(age), jitter, UnknownTypeDecision.LongestWait));

    [Fact]
    public void For_AnyInstances_DeadLettersOnlyWhenNoLivingInstanceMayHaveAHandler() =>
        Gen.Select(GenSpan.Array[0, 5], Gen.Int[0, 3_000], Gen.Int[0, 1_200], Gen.Double[0, 1]).Sample((others, age, grace, jitter) =>
        {
            InstanceSpan[] instances = [.. others, Living(TimeSpan.FromSeconds(1), false)];
            var decision = UnknownTypeDecision.For(instances, Now.AddSeconds(-age), Now, TimeSpan.FromSeconds(grace), jitter);
            var isKnown = instances.Any(instance => instance.IsLiving && instance.KnowsType != false);
            if (isKnown)
                Assert.True(decision is UnknownTypeDecision.LeaveToOthers { IsKnown: true, GivesUpAt: null });
            if (decision is not UnknownTypeDecision.LeaveToOthers leave)
                return;
            Assert.True(leave.Until > Now);
            Assert.True(leave.Until - Now <= UnknownTypeDecision.LongestWait * 1.25);
            if (leave.GivesUpAt is not { } end)
                return;
            Assert.InRange(leave.Until, Now, end);
            // Only time passes; the deciding instance keeps running.
            InstanceSpan[] later = [.. instances.Select(instance => instance.IsLiving ? instance with { SeenUntil = end } : instance)];
            Assert.IsType<UnknownTypeDecision.DeadLetter>(
                UnknownTypeDecision.For(later, Now.AddSeconds(-age), end, TimeSpan.FromSeconds(grace), jitter));
        });

    [Fact]
    public void For_JobWithoutAnyHandler_IsDeliveredABoundedNumberOfTimes() =>
        Gen.Double[0, 1].Array[100].Sample(jitters =>
        {
            var (now, deliveries) = (Now, 1);
            while (UnknownTypeDecision.For([new InstanceSpan(Now, now, true, false)], Now, now, Grace, jitters[deliveries])
                is UnknownTypeDecision.LeaveToOthers leave)
            {
                (now, deliveries) = (leave.Until, deliveries + 1);
            }

            Assert.Equal(Now + Grace, now);
            Assert.InRange(deliveries, 2, MostDeliveries);
        });

    private static Gen<InstanceSpan> GenSpan =>
        Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 3_000], Gen.Bool, Gen.Bool.Nullable(0.1), (start, length, isLiving, knows) =>
        {
            var startedAt = Now.AddSeconds(-start);
            var seen = startedAt.AddSeconds(Math.Min(length, start));
            return new InstanceSpan(startedAt, isLiving ? Now : seen, isLiving, knows);
        });

    private static InstanceSpan Living(TimeSpan since, bool? knows) => new(Now - since, Now, true, knows);

    private static InstanceSpan Gone(TimeSpan started, TimeSpan seen, bool? knows) => new(Now - started, Now - seen, false, knows);
}
