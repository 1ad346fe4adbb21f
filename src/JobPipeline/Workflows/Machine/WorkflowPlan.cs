using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>A definition prepared for the machine, with the dependencies of the steps by index.</summary>
internal sealed class WorkflowPlan
{
    private readonly Dictionary<string, int> _places;
    private readonly int[][] _needs;
    private readonly int[][] _dependents;
    private readonly WorkflowDefinition?[] _alone;

    /// <summary>Prepares a definition.</summary>
    /// <exception cref="KeyNotFoundException">
    /// A step needs a step that does not exist, because the definition was not validated.
    /// </exception>
    public WorkflowPlan(WorkflowDefinition definition)
    {
        Definition = definition;
        _places = definition.Steps
            .Select((step, place) => (step.Id, place))
            .ToDictionary(entry => entry.Id, entry => entry.place, StringComparer.Ordinal);
        _needs = [.. definition.Steps.Select(step => step.Needs.Select(need => _places[need]).ToArray())];
        var dependents = definition.Steps.Select(_ => new List<int>()).ToArray();
        for (var place = 0; place < _needs.Length; place++)
        {
            foreach (var need in _needs[place])
                dependents[need].Add(place);
        }

        _alone = new WorkflowDefinition?[definition.Steps.Count];
        _dependents = [.. dependents.Select(list => list.ToArray())];
    }

    public WorkflowDefinition Definition { get; }

    public int Count => _needs.Length;

    public WorkflowStep this[int place] => Definition.Steps[place];

    /// <summary>Finds the index of a step; null for an unknown step.</summary>
    public int? Find(string step) => _places.TryGetValue(step, out var place) ? place : null;

    /// <summary>Returns a definition that contains only this step.</summary>
    public WorkflowDefinition Alone(int place) => _alone[place] ??= Definition with
    {
        Description = null,
        Output = null,
        Steps = [Definition.Steps[place] with { Needs = [] }],
    };

    public ReadOnlySpan<int> Needs(int place) => _needs[place];

    public ReadOnlySpan<int> Dependents(int place) => _dependents[place];
}
