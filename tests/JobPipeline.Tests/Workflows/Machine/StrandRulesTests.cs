using System.Text;
using System.Text.RegularExpressions;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Which steps may run as a strand, and what remains of the effects of its endings.</summary>
public sealed class StrandRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a chain", """ "a": Q, "b": Q("a"), "c": Q("b") """, "a b c")]
    [InlineData("a single step", """ "a": Q """, "")]
    [InlineData("a type that is not quick", """ "a": Q, "b": Q("a"), "c": SLOW("b"), "d": Q("c") """, "a b")]
    [InlineData("the first type is not quick", """ "a": SLOW, "b": Q("a"), "c": Q("b") """, "")]
    [InlineData("parallel steps", """ "a": Q, "b": Q("a"), "c": Q("b"), "d": Q("b") """, "a b")]
    [InlineData("a parallel step from the start", """ "a": Q, "b": Q("a"), "z": Q """, "")]
    [InlineData("a step that waits", """ "a": Q, "b": Q("a"), "w": { "needs": ["a"], "waitFor": "ok" } """, "")]
    [InlineData("a step with a time limit", """ "a": Q, "b": Q("a"), "c": LIMITED("b"), "d": Q("c") """, "a b")]
    [InlineData("a delay", """ "a": Q, "b": Q("a"), "c": { "needs": ["b"], "delay": "00:01:00" } """, "a b")]
    [InlineData("a step that is skipped", """ "a": Q, "b": Q("a"), "c": FAILED("a"), "d": Q("b") """, "a b d")]
    public void Plan_OfAWorkflow_HoldsTheQuickStepsThatRunAlone(string what, string steps, string expected)
    {
        var (plan, turn) = Start(steps);

        var planned = StrandRules.PlanOf(plan, turn.State, turn.Effects, ["quick"], Now);

        Assert.True(expected == string.Join(' ', planned.Select(step => step.Run.Attempt.Step)), what);
    }

    [Fact]
    public void Plan_OfALongChain_IsBounded()
    {
        var steps = Enumerable.Range(0, StrandRules.MaxSteps + 10).Select(i => i == 0 ? "\"s0\": Q" : $"\"s{i}\": Q(\"s{i - 1}\")");
        var (plan, turn) = Start(string.Join(", ", steps));

        Assert.Equal(StrandRules.MaxSteps, StrandRules.PlanOf(plan, turn.State, turn.Effects, ["quick"], Now).Count);
    }

    /// <summary>Ids have a time of their own; times are those of the worker.</summary>
    [Fact]
    public void Evolve_WithATimeForIds_KeepsItApartFromTheTimes()
    {
        var (plan, turn) = Start(""" "a": Q, "b": Q("a") """);

        var ended = WorkflowMachine.Evolve(
            plan, turn.State, new WorkflowEvent.Succeeded(new StepRun("a", 1)), Now.AddSeconds(5), idsAt: Now.AddSeconds(1));

        Assert.Equal((Now.AddSeconds(5), Now.AddSeconds(5)), (ended.State.Steps[0].EndedAt, ended.State.Steps[1].StartedAt));
        Assert.Equal(Now.AddSeconds(1), ended.State.Steps[1].Slots[0].SentAt);
        Assert.Equal(Now.AddSeconds(1), Assert.IsType<WorkflowEffect.Run>(Assert.Single(ended.Effects)).At);
    }

    [Fact]
    public void NetEffects_OfSeveralEvents_LeaveOutWhatHasEnded()
    {
        var (plan, turn) = Start(""" "a": Q, "b": LIMITED("a"), "c": LIMITED("b") """);
        var effects = new List<WorkflowEffect>(turn.Effects);
        var state = turn.State;
        foreach (var step in new[] { "a", "b" })
        {
            var next = WorkflowMachine.Evolve(plan, state, new WorkflowEvent.Succeeded(new StepRun(step, 1)), Now);
            state = next.State;
            effects.AddRange(next.Effects);
        }

        var net = NetEffects.Of(plan, state, effects);

        Assert.Equal(
            ["c", "c"],
            net.Select(effect => effect is WorkflowEffect.Run run ? run.Attempt.Step : ((WorkflowEffect.SetTimer)effect).Attempt.Step));
    }

    /// <summary>A timer that was set before is cancelled.</summary>
    [Fact]
    public void NetEffects_OfATimerOfBefore_CancelIt()
    {
        var (plan, turn) = Start(""" "a": LIMITED """);
        var ended = WorkflowMachine.Evolve(plan, turn.State, new WorkflowEvent.Succeeded(new StepRun("a", 1)), Now);

        Assert.Contains(NetEffects.Of(plan, ended.State, ended.Effects), effect => effect is WorkflowEffect.CancelTimer);
    }

    private static (WorkflowPlan Plan, WorkflowTurn Turn) Start(string steps)
    {
        foreach (var (name, step) in new[]
        {
            ("Q", """ "job": "quick" """),
            ("SLOW", """ "job": "slow" """),
            ("LIMITED", """ "job": "quick", "timeout": "00:01:00" """),
            ("FAILED", """ "job": "quick", "when": "anyFailed" """),
        })
        {
            var needs = new Regex($"\\b{name}\\((\"[a-z0-9]+\")\\)", RegexOptions.None, TimeSpan.FromSeconds(10));
            steps = needs.Replace(steps, $"{{ \"needs\": [$1], {step} }}");
            steps = steps.Replace($": {name},", $": {{ {step} }},", StringComparison.Ordinal);
            steps = steps.Replace($": {name} ", $": {{ {step} }} ", StringComparison.Ordinal);
        }

        var definition = WorkflowReader.Read(Encoding.UTF8.GetBytes($$"""{ "name": "flow", "steps": { {{steps}} } }"""), out var errors);
        Assert.Empty(errors);
        var plan = new WorkflowPlan(definition!);
        return (plan, WorkflowMachine.Evolve(plan, WorkflowMachine.Create(plan, "one", Now), new WorkflowEvent.Started(), Now));
    }
}
