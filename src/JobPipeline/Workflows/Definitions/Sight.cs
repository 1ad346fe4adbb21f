using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>What expressions find where they stand, and what is wrong with a path that leads nowhere.</summary>
/// <param name="Graph">The definition's steps.</param>
/// <param name="Steps">The steps that are done by then.</param>
/// <param name="HasItem">True within a fan-out.</param>
internal sealed record Sight(StepGraph Graph, IReadOnlySet<string> Steps, bool HasItem)
{
    public const string Input = "input";
    public const string AllSteps = "steps";

    private const string Instance = "instance";
    private const string Item = "item";
    private const string Index = "index";

    private static readonly string[] StepMembers = ["output", "status", "error"];
    private static readonly string[] InstanceMembers = ["id", "workflow", "createdAt"];

    private string[] Roots => HasItem ? [Input, AllSteps, Instance, Item, Index] : [Input, AllSteps, Instance];

    /// <summary>That of a step, before it runs.</summary>
    public static Sight Of(StepGraph graph, string step) => new(graph, graph.Upstream(step), HasItem: false);

    /// <summary>That of the output, when every step is done.</summary>
    public static Sight OfAll(StepGraph graph) => new(graph, graph.Ids.ToHashSet(StringComparer.Ordinal), HasItem: false);

    public Sight With(string step) => this with { Steps = new HashSet<string>(Steps, StringComparer.Ordinal) { step } };

    /// <summary>Null: there may be something at the path.</summary>
    public string? FaultOf(IReadOnlyList<string> path) => path switch
    {
        [] => null,
        [AllSteps] => "'steps' is known by what follows it alone: steps.<id>",
        [AllSteps, var step, ..] when !Graph.Contains(step) => $"there is no step '{step}'{NearestName.Hint(step, Graph.Ids)}",
        [AllSteps, var step, ..] when !Steps.Contains(step) => $"'{step}' may not be done by then: name it among the needs",
        [AllSteps, _, var member, ..] when !StepMembers.Contains(member, StringComparer.Ordinal) => Missing("a step", member, StepMembers),
        [Instance, var member, ..] when !InstanceMembers.Contains(member, StringComparer.Ordinal) =>
            Missing("the instance", member, InstanceMembers),
        [Item or Index, ..] when !HasItem => $"'{path[0]}' is known within forEach alone",
        [var root, ..] when !Roots.Contains(root, StringComparer.Ordinal) => Missing("an expression", root, Roots),
        _ => null,
    };

    private static string Missing(string owner, string name, string[] known) =>
        $"{owner} has no '{name}': it has {string.Join(", ", known)}{NearestName.Hint(name, known)}";
}
