using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>What expressions see of an instance, beside the values that lie apart. Holds no more than the expressions name.</summary>
/// <param name="Instance">The instance's id.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="SeesInput">They may use what the instance was given: it may be large, and there may be many items.</param>
/// <param name="Steps">The steps that the expressions name.</param>
public sealed record StepScope(string Instance, string Workflow, DateTimeOffset CreatedAt, bool SeesInput, IReadOnlyDictionary<string, StepSight> Steps)
{
    /// <summary>The scope of some expressions.</summary>
    public static StepScope Of(WorkflowPlan plan, WorkflowState state, IReadOnlyCollection<string> expressions) => new(
        state.Instance,
        plan.Definition.Name,
        state.CreatedAt,
        expressions.Any(ExpressionNames.MayUseInput),
        expressions.SelectMany(ExpressionNames.Steps).Distinct(StringComparer.Ordinal)
            .Select(id => (Id: id, Place: plan.Find(id)))
            .Where(step => step.Place is not null)
            .ToDictionary(step => step.Id, step => See(plan, state, step.Place!.Value), StringComparer.Ordinal));

    /// <summary>The scope of what the instance returns.</summary>
    public static StepScope OfOutput(WorkflowPlan plan, WorkflowState state) =>
        Of(plan, state, plan.Definition.Output is { } output ? [.. Template.Expressions(output)] : []);

    private static StepSight See(WorkflowPlan plan, WorkflowState state, int place)
    {
        var step = state.Steps[place];
        return new StepSight(step.Status, step.Error, plan[place].Action is ForEachAction ? step.Items : null);
    }
}

/// <summary>What expressions see of a step.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Error">Its last error.</param>
/// <param name="Items">How many items the list has; null: it is no fan-out.</param>
public sealed record StepSight(StepStatus Status, string? Error, int? Items);
