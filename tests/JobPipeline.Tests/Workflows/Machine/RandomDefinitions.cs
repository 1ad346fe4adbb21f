using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Generates definitions of any shape, with all kinds of steps and all their options.</summary>
internal static class RandomDefinitions
{
    private static readonly string[] Events = ["approved", "paid"];
    private static readonly TriggerRule[] Rules = [TriggerRule.AllSucceeded, TriggerRule.AllSucceeded, .. Enum.GetValues<TriggerRule>()];

    public static WorkflowDefinition Of(int steps, Draw draw) =>
        new("any", 1, [.. Enumerable.Range(0, steps).Select(place => Step(place, draw))]);

    /// <summary>Creates a fan-out step.</summary>
    public static WorkflowStep FanOut(Draw draw) => Step(0, Each(draw), draw);

    private static WorkflowStep Step(int place, Draw draw) => Step(place, Action(draw), draw);

    private static WorkflowStep Step(int place, StepAction action, Draw draw)
    {
        var waits = action is WaitAction or DelayAction;
        return new WorkflowStep($"s{place}", action)
        {
            Needs = [.. Enumerable.Range(0, place).Where(_ => draw.OneIn(3)).Select(need => $"s{need}")],
            When = draw.Of(Rules),
            Retry = !waits && draw.OneIn(2) ? new StepRetry(1 + draw.Below(3), Backoff(draw)) : StepRetry.Once,
            Timeout = action is not DelayAction && draw.OneIn(3) ? TimeSpan.FromSeconds(1 + draw.Below(60)) : null,
            Compensate = !waits && draw.OneIn(2) ? new JobAction("undo") : null,
        };
    }

    private static StepAction Action(Draw draw) =>
        draw.Below(8) switch
        {
            0 or 1 => Each(draw),
            2 => new WaitAction(draw.Of(Events), draw.OneIn(2) ? TimeoutRule.Continue : TimeoutRule.Fail),
            3 => new DelayAction(TimeSpan.FromSeconds(draw.Below(30))),
            4 => new ChildAction("other"),
            _ => new JobAction("do"),
        };

    private static ForEachAction Each(Draw draw) =>
        new("${{ input }}", draw.OneIn(2) ? new JobAction("do") : new ChildAction("other"), 1 + draw.Below(3));

    private static RetrySchedule Backoff(Draw draw) =>
        draw.OneIn(2)
            ? new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20))
            : new RetrySchedule(TimeSpan.Zero, TimeSpan.Zero) { Kind = BackoffKind.Fixed };
}
