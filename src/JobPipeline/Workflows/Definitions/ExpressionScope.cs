using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The names that are in scope for an expression, and the validation of the paths that it uses.</summary>
/// <param name="Graph">The dependency graph of the definition's steps.</param>
/// <param name="Steps">The steps that are certain to be done when the expression is evaluated.</param>
/// <param name="HasItem">Whether <c>item</c> and <c>index</c> are in scope, as in a fan-out.</param>
internal sealed record ExpressionScope(StepGraph Graph, IReadOnlySet<string> Steps, bool HasItem)
{
    public const string Input = "input";
    public const string AllSteps = "steps";

    private const string Instance = "instance";
    private const string Item = "item";
    private const string Index = "index";

    private static readonly string[] StepMembers = ["output", "status", "error"];
    private static readonly string[] InstanceMembers = ["id", "workflow", "createdAt"];

    private string[] Roots => HasItem ? [Input, AllSteps, Instance, Item, Index] : [Input, AllSteps, Instance];

    /// <summary>Returns the scope of a step's expressions.</summary>
    public static ExpressionScope Of(StepGraph graph, string step) => new(graph, graph.Upstream(step), HasItem: false);

    /// <summary>Returns the scope of the workflow's output, which is evaluated when every step is done.</summary>
    public static ExpressionScope OfAll(StepGraph graph) => new(graph, graph.Ids.ToHashSet(StringComparer.Ordinal), HasItem: false);

    public ExpressionScope With(string step) => this with { Steps = new HashSet<string>(Steps, StringComparer.Ordinal) { step } };

    /// <summary>Returns the validation error of a path, or null if the path may have a value.</summary>
    public string? ErrorOf(IReadOnlyList<string> path) => path switch
    {
        [] => null,
        [AllSteps] => "'steps' can't be used on its own; use steps.<id>",
        [AllSteps, var step, ..] when !Graph.Contains(step) => $"step '{step}' does not exist{NearestName.Hint(step, Graph.Ids)}",
        [AllSteps, var step, ..] when !Steps.Contains(step) => $"step '{step}' may not be done yet; add it to 'needs'",
        [AllSteps, _, var member, ..] when !StepMembers.Contains(member, StringComparer.Ordinal) => Missing("a step", member, StepMembers),
        [Instance, var member, ..] when !InstanceMembers.Contains(member, StringComparer.Ordinal) =>
            Missing("the instance", member, InstanceMembers),
        [Item or Index, ..] when !HasItem => $"'{path[0]}' can only be used in forEach",
        [var root, ..] when !Roots.Contains(root, StringComparer.Ordinal) => Missing("an expression", root, Roots),
        _ => null,
    };

    private static string Missing(string owner, string name, string[] known) =>
        $"{owner} has no '{name}': it has {string.Join(", ", known)}{NearestName.Hint(name, known)}";
}
