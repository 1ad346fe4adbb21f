using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Instances;

/// <summary>The workflows that this process knows by name, in the newest version of each.</summary>
internal sealed class WorkflowCatalog
{
    private readonly Dictionary<string, WorkflowDefinition> _definitions;

    /// <summary>Creates a catalog from the registered definitions.</summary>
    /// <exception cref="InvalidOperationException">A definition is not valid; the message lists every error.</exception>
    public WorkflowCatalog(IEnumerable<WorkflowDefinition> definitions, WorkflowValidator validator)
    {
        var all = definitions.ToList();
        _definitions = all.GroupBy(definition => definition.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.MaxBy(definition => definition.Version)!, StringComparer.Ordinal);
        Validator = validator;
        var errors = all
            .SelectMany(definition => validator.Validate(definition, _definitions.Keys)
                .Select(error => $"{definition.Name} v{definition.Version}: {error}"))
            .ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(
                $"Workflow definitions are not valid:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
        }
    }

    /// <summary>The validator for definitions that are not in the catalog.</summary>
    public WorkflowValidator Validator { get; }

    /// <summary>The newest version of each definition, ordered by name.</summary>
    public IEnumerable<WorkflowDefinition> All => _definitions.Values.OrderBy(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>Finds a workflow by name; null if it is unknown.</summary>
    public WorkflowDefinition? Find(string name) => _definitions.GetValueOrDefault(name);

    /// <summary>Returns the error message for an unknown workflow.</summary>
    public string WhyUnknown(string name) => $"workflow '{name}' does not exist{NearestName.Hint(name, _definitions.Keys)}";

    /// <summary>Returns the validation errors of a definition whose child workflows must be in this catalog.</summary>
    public IReadOnlyList<ValidationError> Validate(WorkflowDefinition definition) => Validator.Validate(definition, _definitions.Keys);
}
