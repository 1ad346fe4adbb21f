using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of how the evaluation of one instance changes an alert.</summary>
public sealed class AlertDecisionTests
{
    private static readonly AlertRule Rule = AlertSamples.Rule(forSeconds: 60, resolveAfterSeconds: 120);
    private static readonly AlertCondition Holds = new(AlertSamples.Start, AlertSamples.Start, Holds: true, 7);
    private static readonly AlertCondition Not = new(null, null, Holds: false, 0);

    [Fact]
    public void Next_WithoutAnAlertOrACondition_IsNull() => Assert.Null(Next(null, Not));

    [Fact]
    public void Next_WhenTheConditionHolds_FiresOnceWithACompleteNotice()
    {
        var alert = Next(null, Holds, second: 5)!;

        Assert.Equal(
            (AlertSamples.Start.AddSeconds(5), 7.0, "a"),
            (alert.FiringSince!.Value, alert.Value!.Value, Assert.Single(alert.Witnesses)));
        Assert.Equal(
            new AlertNotification
            {
                Id = AlertDecision.IdOf(AlertNotificationKind.Firing, "rule", null, AlertSamples.Start.AddSeconds(5)),
                Kind = AlertNotificationKind.Firing,
                Rule = "rule",
                Title = "A rule",
                Severity = 2,
                Metric = "jobpipeline.dead_letters",
                Value = 7,
                Operator = ">=",
                Threshold = 1,
                Window = TimeSpan.FromMinutes(5),
                Since = AlertSamples.Start.AddSeconds(5),
                At = AlertSamples.Start.AddSeconds(5),
                Instance = "a",
                Runbook = "docs/runbook.md#a-rule",
            },
            alert.Unsent);
        var sent = alert with { Unsent = null };
        Assert.True(Next(sent, Holds, second: 20)!.IsSameAs(sent));
    }

    [Fact]
    public void Next_WhenTheConditionNoLongerHolds_ResolvesOnce()
    {
        var firing = Next(null, Holds)! with { Unsent = null };

        var over = Next(firing, Not, second: 60)!;

        Assert.Null(over.FiringSince);
        Assert.Empty(over.Witnesses);
        Assert.Equal(
            (AlertNotificationKind.Resolved, firing.FiringSince!.Value, AlertSamples.Start.AddSeconds(60)),
            (over.Unsent!.Kind, over.Unsent.Since, over.Unsent.At));
        Assert.NotEqual(firing.AnnouncedSince is null, over.AnnouncedSince is null);
        Assert.True((over with { Unsent = null }).IsOver);
    }

    [Fact]
    public void Next_OfASecondInstance_ChangesTheWitnessesWithoutANotice()
    {
        var firing = Next(null, Holds)! with { Unsent = null };

        var both = Next(firing, Holds, second: 10, instance: "b")!;
        var one = Next(both, Not, second: 20, instance: "a", living: "b")!;
        var none = Next(one, Not, second: 30, instance: "b", living: "a")!;

        Assert.Equal(["a", "b"], both.Witnesses);
        Assert.Equal(["b"], one.Witnesses);
        Assert.Equal((null, null), (both.Unsent, one.Unsent));
        Assert.Equal(firing.FiringSince, one.FiringSince);
        Assert.Equal(AlertNotificationKind.Resolved, none.Unsent!.Kind);
    }

    [Fact]
    public void Next_WhileTheWitnessIsAlive_IsNotResolvedByOthers()
    {
        var firing = Next(null, Holds)! with { Unsent = null };

        Assert.True(Next(firing, Not, second: 10_000, instance: "b", living: "a")!.IsSameAs(firing));
    }

    [Fact]
    public void Next_WhenTheWitnessIsGone_ResolvesAfterTheGracePeriod()
    {
        var firing = Next(null, Holds)! with { Unsent = null };

        var orphan = Next(firing, Not, second: 100, instance: "b")!;
        var still = Next(orphan, Not, second: 279, instance: "b")!;
        var over = Next(orphan, Not, second: 280, instance: "b")!;

        Assert.Equal((AlertSamples.Start.AddSeconds(100), null), (orphan.OrphanedSince!.Value, orphan.Unsent));
        Assert.True(still.IsSameAs(orphan));
        Assert.Equal(AlertNotificationKind.Resolved, over.Unsent!.Kind);
    }

    [Fact]
    public void Next_WhenAnotherInstanceTakesOver_ContinuesWithoutANotice()
    {
        var firing = Next(null, Holds)! with { Unsent = null };
        var orphan = Next(firing, Not, second: 100, instance: "b")!;

        var adopted = Next(orphan, Holds, second: 150, instance: "b")!;
        var back = Next(orphan, Not, second: 150, instance: "b", living: "a")!;

        Assert.Equal((null, null, firing.FiringSince), (adopted.Unsent, adopted.OrphanedSince, adopted.FiringSince));
        Assert.Contains("b", adopted.Witnesses);
        Assert.True(back.IsSameAs(firing), "the alert of a returned instance changed");
    }

    [Fact]
    public void Next_WhileSilenced_SendsNoNoticeUntilTheSilenceEnds()
    {
        var silence = new AlertSilence("rule", AlertSamples.Start, AlertSamples.Start.AddSeconds(100), "ada", "load test");

        var quiet = Next(null, Holds, silence: silence)!;
        var told = Next(quiet, Holds, second: 100, silence: silence)!;
        var over = Next(
            told with
            {
                Unsent = null,
            },
            Not,
            second: 110,
            silence: silence with
            {
                Until = AlertSamples.Start.AddSeconds(200),
            })!;
        var again = Next(over, Holds, second: 120, silence: silence with { Until = AlertSamples.Start.AddSeconds(200) })!;
        var later = Next(again, Holds, second: 200, silence: silence)!;

        Assert.Equal((null, true), (quiet.Unsent, quiet.FiringSince is not null));
        Assert.Equal(AlertNotificationKind.Firing, told.Unsent!.Kind);
        Assert.Equal((null, null), (over.Unsent, over.FiringSince));
        Assert.False(over.IsOver);
        Assert.Equal((null, null), (again.Unsent, later.Unsent));
        Assert.Equal(told.FiringSince, Next(later, Not, second: 210)!.Unsent!.Since);
    }

    [Fact]
    public void Next_WithAnUnsentNotice_CreatesNoOther()
    {
        var unsent = Next(null, Holds)!;

        var over = Next(unsent, Not, second: 10)!;

        Assert.Equal(unsent.Unsent, over.Unsent);
        Assert.Equal(AlertNotificationKind.Resolved, Next(over with { Unsent = null }, Not, second: 25)!.Unsent!.Kind);
    }

    [Fact]
    public void Witnesses_OfManyInstances_AreBounded()
    {
        Alert? alert = null;
        for (var i = 0; i < Alert.MaxWitnesses + 5; i++)
            alert = Next(alert, Holds, instance: $"i{i}");

        Assert.Equal(Alert.MaxWitnesses, alert!.Witnesses.Count);
    }

    private static Alert? Next(
        Alert? before,
        AlertCondition mine,
        int second = 0,
        string instance = "a",
        string? living = null,
        AlertSilence? silence = null
    ) => AlertDecision.Next(Rule, null, before, mine, silence, AlertSamples.Context(second, instance, living is null ? [] : [living]));
}
