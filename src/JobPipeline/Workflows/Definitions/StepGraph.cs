using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Definitions;

/// <summary>The dependency graph of the steps and its validation errors.</summary>
internal sealed class StepGraph
{
    private readonly Dictionary<string, WorkflowStep> _steps;

    public StepGraph(IEnumerable<WorkflowStep> steps) => _steps = steps.ToDictionary(step => step.Id, StringComparer.Ordinal);

    public IEnumerable<string> Ids => _steps.Keys;

    public bool Contains(string step) => _steps.ContainsKey(step);

    /// <summary>Returns the steps that a step needs, directly or indirectly.</summary>
    public IReadOnlySet<string> Upstream(string step)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(_steps[step].Needs);
        while (open.TryPop(out var need))
        {
            if (!_steps.TryGetValue(need, out var needed) || !found.Add(need))
                continue;
            foreach (var further in needed.Needs)
                open.Push(further);
        }

        return found;
    }

    /// <summary>Returns the validation errors: needs that don't exist, and cycles.</summary>
    public IEnumerable<ValidationError> Errors()
    {
        foreach (var step in _steps.Values)
        {
            for (var i = 0; i < step.Needs.Count; i++)
            {
                if (!_steps.ContainsKey(step.Needs[i]))
                {
                    yield return new ValidationError(
                        $"steps.{step.Id}.needs[{i}]",
                        $"step '{step.Needs[i]}' does not exist{NearestName.Hint(step.Needs[i], Ids)}");
                }
            }
        }

        // Kahn's algorithm: the steps that are left are part of a cycle, or depend on one and can never run.
        var left = _steps.Values.ToDictionary(
            step => step.Id,
            step => step.Needs.Where(_steps.ContainsKey).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        while (left.FirstOrDefault(entry => entry.Value.Count == 0).Key is { } free)
        {
            left.Remove(free);
            foreach (var needs in left.Values)
                needs.Remove(free);
        }

        foreach (var (id, _) in left)
        {
            yield return Upstream(id).Contains(id)
                ? new ValidationError($"steps.{id}.needs", $"the step needs itself: {string.Join(" → ", Cycle(id))}")
                : new ValidationError($"steps.{id}", "can never run: it needs steps that need each other");
        }
    }

    private List<string> Cycle(string id)
    {
        var path = new List<string> { id };
        for (var at = id; path.Count == 1 || at != id;)
        {
            at = _steps[at].Needs.First(need =>
                _steps.ContainsKey(need)
                && (need == id || (Upstream(need).Contains(id) && !path.Contains(need, StringComparer.Ordinal))));
            path.Add(at);
        }

        return path;
    }
}
