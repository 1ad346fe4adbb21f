using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The scope of expressions: the data of a workflow instance that they may use, except for the values, which are stored
/// separately. It contains only what the expressions name.
/// </summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Workflow">The name of the workflow.</param>
/// <param name="CreatedAt">When the workflow instance was started.</param>
/// <param name="SeesInput">
/// Whether the expressions may use the input. The input is read only then, because it may be large and many items may need it.
/// </param>
/// <param name="Steps">The steps that the expressions name.</param>
internal sealed record StepScope(
    string Instance, string Workflow, DateTimeOffset CreatedAt, bool SeesInput, IReadOnlyDictionary<string, StepData> Steps)
{
    /// <summary>Creates the scope of some expressions.</summary>
    public static StepScope Of(WorkflowPlan plan, WorkflowState state, IReadOnlyCollection<string> expressions) => new(
        state.Instance,
        plan.Definition.Name,
        state.CreatedAt,
        expressions.Any(ExpressionNames.MayUseInput),
        expressions.SelectMany(ExpressionNames.Steps).Distinct(StringComparer.Ordinal)
            .Select(id => (Id: id, Place: plan.Find(id)))
            .Where(step => step.Place is not null)
            .ToDictionary(step => step.Id, step => See(plan, state, step.Place!.Value), StringComparer.Ordinal));

    /// <summary>Creates the scope of the workflow's output.</summary>
    public static StepScope OfOutput(WorkflowPlan plan, WorkflowState state) =>
        Of(plan, state, plan.Definition.Output is { } output ? [.. Template.Expressions(output)] : []);

    private static StepData See(WorkflowPlan plan, WorkflowState state, int place)
    {
        var step = state.Steps[place];
        return new StepData(step.Status, step.Error, plan[place].Action is ForEachAction ? step.Items : null);
    }
}

/// <summary>The data of a step that expressions may use.</summary>
/// <param name="Status">The status of the step.</param>
/// <param name="Error">The last error message of the step.</param>
/// <param name="Items">The number of items; null if the step is not a fan-out.</param>
internal sealed record StepData(StepStatus Status, string? Error, int? Items);
