using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>The input of one step attempt. Its size does not depend on the size of the workflow.</summary>
/// <param name="Scope">The scope of its expressions.</param>
/// <param name="Run">The step attempt.</param>
/// <param name="At">When the attempt was first sent; ids are derived from it.</param>
/// <param name="Deadline">When the attempt times out; null for no limit.</param>
/// <param name="Step">A definition that contains only this step.</param>
/// <param name="CorrelationId">The caller's own id for the work; the jobs and children of the workflow inherit it.</param>
internal sealed record StepAttemptInput(
    StepScope Scope,
    StepRun Run,
    DateTimeOffset At,
    DateTimeOffset? Deadline,
    WorkflowDefinition Step,
    string? CorrelationId)
{
    private static readonly ConditionalWeakTable<StepAction, string[]> Expressions = [];

    /// <summary>The W3C trace context of the workflow's start, which the attempt belongs to.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether the items of a fan-out may run in packs; only for the evaluation of its list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayPack { get; init; }

    /// <summary>
    /// Whether the record of its job is read first: a strand that was lost or stopped may have run it, or stopped it before it began.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayHaveEnded { get; init; }

    /// <summary>The action that the attempt runs, or the fan-out whose list it evaluates.</summary>
    internal StepAction Action => ActionOf(TheStep, Run);

    internal TimeSpan? Timeout => TheStep.Timeout;

    internal WorkflowOrigin Origin => new(Scope.Instance, Run with { Deferrals = 0 });

    /// <summary>The origin with the number of deferrals, as the machine expects it in the result of a child workflow.</summary>
    internal WorkflowOrigin Answer => new(Scope.Instance, Run);

    /// <summary>
    /// The id of the attempt's job; for a child workflow, the id of the workflow instance. Deferrals don't change it.
    /// </summary>
    [JsonIgnore]
    public JobId Id => IdOf(Scope.Instance, Run, At);

    /// <summary>Whether the attempt runs a child workflow.</summary>
    [JsonIgnore]
    public bool IsChild => Action is ChildAction;

    private WorkflowStep TheStep => Step.Steps[0];

    /// <summary>Returns the id of the job or child workflow of a step attempt.</summary>
    /// <param name="instance">The id of the workflow instance.</param>
    /// <param name="run">The step attempt.</param>
    /// <param name="at">When the attempt was first sent.</param>
    public static JobId IdOf(string instance, StepRun run, DateTimeOffset at) =>
        JobId.FromDelivery($"{instance}/{run.Step}/{run.Item}/{run.Attempt}/{(run.IsCompensation ? "undo" : "do")}/{run.Generation}", at);

    public static StepAttemptInput Of(
        WorkflowPlan plan,
        WorkflowState state,
        StepRun run,
        DateTimeOffset at,
        DateTimeOffset? deadline,
        string? correlationId,
        string? traceParent = null)
    {
        var place = plan.Find(run.Step)!.Value;
        var scope = StepScope.Of(plan, state, ExpressionsOf(ActionOf(plan[place], run)));
        return new StepAttemptInput(scope, run, at, deadline, plan.Alone(place), correlationId ?? state.Instance)
        {
            TraceParent = traceParent,
        };
    }

    /// <summary>Returns the input of a step of a strand, whose definition is that of the stored workflow instance.</summary>
    public static StepAttemptInput Of(WorkflowInstance instance, StrandInput strand, StrandStep step, DateTimeOffset at)
    {
        var own = instance.Definition.Steps.First(one => one.Id == step.Run.Step);
        var alone = instance.Definition with { Description = null, Output = null, Steps = [own with { Needs = [] }] };
        var expressions = ExpressionsOf(own.Action);
        var scope = new StepScope(
            instance.Id,
            instance.Definition.Name,
            instance.State.CreatedAt,
            expressions.Any(ExpressionNames.MayUseInput),
            step.Sees);
        return new StepAttemptInput(scope, step.Run, at, null, alone, strand.CorrelationId ?? instance.Id)
        {
            TraceParent = strand.TraceParent,
        };
    }

    /// <summary>Returns the action that an attempt of a step runs.</summary>
    public static StepAction ActionOf(WorkflowStep step, StepRun run) => run.IsCompensation ? step.Compensate!
        : run.Item is not null ? ((ForEachAction)step.Action).Each
        : step.Action;

    /// <summary>Each item of a fan-out has the same expressions: they are found once.</summary>
    private static string[] ExpressionsOf(StepAction action) => Expressions.GetValue(action, static known => known switch
    {
        JobAction job => [.. Template.Expressions(job.Payload).Select(entry => entry.Expression)],
        ChildAction child => [.. Template.Expressions(child.Input).Select(entry => entry.Expression)],
        ForEachAction each => [.. Template.Expressions(each.Items)],
        _ => [],
    });
}
