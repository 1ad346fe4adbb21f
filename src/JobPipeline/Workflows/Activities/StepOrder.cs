using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>All that whoever runs an attempt has to know. Its size does not depend on that of the workflow.</summary>
/// <param name="Scope">What its expressions see.</param>
/// <param name="Run">The attempt.</param>
/// <param name="At">When it was first sent on its way: ids derive from it.</param>
/// <param name="Deadline">When it is given up; null: never.</param>
/// <param name="Step">A definition of that step alone.</param>
/// <param name="CorrelationId">The caller's own id for the work; its jobs and children inherit it.</param>
public sealed record StepOrder(StepScope Scope, StepRun Run, DateTimeOffset At, DateTimeOffset? Deadline, WorkflowDefinition Step, string? CorrelationId)
{
    /// <summary>W3C trace context of the workflow's start: the attempt belongs to that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What the attempt runs, or a fan-out whose list is to be worked out.</summary>
    internal StepAction Action => Run.IsCompensation ? TheStep.Compensate! : Run.Item is not null ? ((ForEachAction)TheStep.Action).Each : TheStep.Action;

    internal TimeSpan? Timeout => TheStep.Timeout;

    internal WorkflowOrigin Origin => new(Scope.Instance, Run with { Deferrals = 0 });

    /// <summary>The same with the number of times that the attempt was told to come back: what the machine expects an answer for.</summary>
    internal WorkflowOrigin Answer => new(Scope.Instance, Run);

    /// <summary>The job that the attempt is, or the child, by its text. An attempt that was told to come back later is the same one.</summary>
    [JsonIgnore]
    public JobId Id => IdOf(Scope.Instance, Run, At);

    /// <summary>The attempt runs another workflow.</summary>
    [JsonIgnore]
    public bool IsChild => Action is ChildAction;

    private WorkflowStep TheStep => Step.Steps[0];

    /// <summary>The id of the job, or of the child, that an attempt is.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="run">The attempt.</param>
    /// <param name="at">When it was first sent on its way.</param>
    public static JobId IdOf(string instance, StepRun run, DateTimeOffset at) =>
        JobId.FromDelivery($"{instance}/{run.Step}/{run.Item}/{run.Attempt}/{(run.IsCompensation ? "undo" : "do")}/{run.Generation}", at);

    public static StepOrder Of(
        WorkflowPlan plan,
        WorkflowState state,
        StepRun run,
        DateTimeOffset at,
        DateTimeOffset? deadline,
        string? correlationId,
        string? traceParent = null)
    {
        var step = plan[plan.Find(run.Step)!.Value];
        var alone = plan.Definition with { Description = null, Output = null, Steps = [step with { Needs = [] }] };
        var order = new StepOrder(StepScope.Of(plan, state, []), run, at, deadline, alone, correlationId ?? state.Instance)
        {
            TraceParent = traceParent,
        };
        return order with { Scope = StepScope.Of(plan, state, [.. Expressions(order.Action)]) };
    }

    private static IEnumerable<string> Expressions(StepAction action) => action switch
    {
        JobAction job => Template.Expressions(job.Payload).Select(entry => entry.Expression),
        ChildAction child => Template.Expressions(child.Input).Select(entry => entry.Expression),
        ForEachAction each => Template.Expressions(each.Items),
        _ => [],
    };
}
