using CsCheck;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Properties of alerts under any sequence of values, silences, instance deaths and crashes before a notice is sent.</summary>
public sealed class AlertPropertyTests
{
    private const int StepSeconds = 15;
    private const int Instances = 3;

    /// <summary>One evaluation by one instance.</summary>
    private sealed record Step(int Instance, bool IsTrue, bool Dies, bool IsSilenced, bool CrashesBeforeSending);

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, Instances - 1], Gen.Int[0, 2], Gen.Int[0, 30], Gen.Int[0, 4], Gen.Int[0, 6],
        (instance, value, dies, silenced, crashes) => new Step(instance, value > 0, dies == 0, silenced == 0, crashes == 0));

    private static readonly Gen<(AlertRule Rule, Step[] Steps)> Worlds = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 4], Steps.Array[1, 120],
        (forSteps, resolveSteps, steps) => (AlertSamples.Rule(forSteps * StepSeconds, resolveSteps * StepSeconds), steps));

    [Fact]
    public void Notices_InAnyWorld_AlternateAndAreSentOnceAndNeverWhileSilenced() =>
        Worlds.Sample(
            world =>
            {
                var run = Run(world.Rule, world.Steps);
                var told = run.Sent.DistinctBy(notice => notice.Id).ToList();
                Assert.Equal(
                    told.Select((_, i) => i % 2 == 0 ? AlertNotificationKind.Firing : AlertNotificationKind.Resolved),
                    told.Select(notice => notice.Kind));
                Assert.Equal(
                    told.Count(notice => notice.Kind == AlertNotificationKind.Firing),
                    told.Where(notice => notice.Kind == AlertNotificationKind.Firing).DistinctBy(notice => notice.Since).Count());
                Assert.All(told.Chunk(2).Where(pair => pair.Length == 2), pair => Assert.Equal(pair[0].Since, pair[1].Since));
                Assert.DoesNotContain(run.Made, made => made.WasSilenced);
            },
            iter: 3_000);

    [Fact]
    public void Alerts_InAnyWorld_FireOnlyAfterTheirDelay() => Worlds.Sample(
        world => Assert.All(
            Run(world.Rule, world.Steps).Begins,
            begin => Assert.True(begin.At - begin.TrueSince >= world.Rule.For, $"{begin} {world.Rule.For}")),
        iter: 3_000);

    [Fact]
    public void Alerts_OfOneInstance_ResolveOnlyAfterTheirDelay() => Worlds.Sample(
        world => Assert.All(
            Run(world.Rule, [.. world.Steps.Select(step => step with { Instance = 0, Dies = false })]).Ends,
            end => Assert.True(end.At - end.LastTrueAt >= world.Rule.ResolveAfter, $"{end} {world.Rule.ResolveAfter}")),
        iter: 3_000);

    [Fact]
    public void Alerts_WithoutACause_ResolveWithANoticeAndLeaveNoRow() =>
        Worlds.Sample(
            world =>
            {
                // Quiet for longer than every delay and the grace period after an instance's death.
                var quiet = Enumerable
                    .Range(0, 60)
                    .Select(i => new Step(i % Instances, IsTrue: false, Dies: false, IsSilenced: false, CrashesBeforeSending: false));
                var run = Run(world.Rule, [.. world.Steps, .. quiet]);
                Assert.Null(run.Row);
                Assert.Equal(0, run.Sent.DistinctBy(notice => notice.Id).Count() % 2);
            },
            iter: 3_000);

    [Fact]
    public void Evaluation_WhileNothingChanges_WritesNothing() =>
        Worlds.Sample(
            world =>
            {
                var steady = Enumerable
                    .Range(0, 40)
                    .Select(_ => new Step(0, IsTrue: true, Dies: false, IsSilenced: false, CrashesBeforeSending: false))
                    .ToArray();
                Assert.InRange(Run(world.Rule, steady).Writes, 1, 2);
            },
            iter: 20);

    private static Outcome Run(AlertRule rule, Step[] steps)
    {
        var outcome = new Outcome();
        var conditions = new AlertCondition[Instances];
        var names = Enumerable.Range(0, Instances).Select(i => $"i{i}.0").ToArray();
        var births = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            var now = AlertSamples.Start.AddSeconds(StepSeconds * i);
            if (step.Dies)
                (names[step.Instance], conditions[step.Instance]) = ($"i{step.Instance}.{++births}", default);
            var before = outcome.Row;
            var mine = conditions[step.Instance] = conditions[step.Instance]
                .Next(rule, step.IsTrue ? 1 : 0, before?.FiringSince is not null, now);
            var silence = step.IsSilenced ? new AlertSilence(rule.Name, now, now.AddSeconds(1), "ada", "because") : null;
            var next = AlertDecision.Next(
                rule,
                null,
                before,
                mine,
                silence,
                new AlertContext(names[step.Instance], names.ToHashSet(StringComparer.Ordinal), "docs", now));
            outcome.Observe(before, next, mine, step, now);
        }

        return outcome;
    }

    private sealed class Outcome
    {
        public Alert? Row { get; private set; }

        public int Writes { get; private set; }

        public List<AlertNotification> Sent { get; } = [];

        public List<(AlertNotification Notice, bool WasSilenced)> Made { get; } = [];

        public List<(DateTimeOffset At, DateTimeOffset TrueSince)> Begins { get; } = [];

        public List<(DateTimeOffset At, DateTimeOffset LastTrueAt)> Ends { get; } = [];

        public void Observe(Alert? before, Alert? next, AlertCondition mine, Step step, DateTimeOffset now)
        {
            if (next is null)
                return;
            if (before is null || !next.IsSameAs(before))
                Writes++;
            if (before?.FiringSince is null && next.FiringSince is not null)
                Begins.Add((now, mine.TrueSince ?? now));
            if (before?.FiringSince is not null && next.FiringSince is null)
                Ends.Add((now, mine.LastTrueAt ?? DateTimeOffset.MinValue));
            if (next.Unsent is { } made && before?.Unsent != made)
                Made.Add((made, step.IsSilenced));
            if (next.Unsent is { } notice && !step.CrashesBeforeSending)
            {
                Sent.Add(notice);
                next = next with { Unsent = null };
                Writes++;
            }

            Row = next.IsOver ? null : next;
        }
    }
}
