using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Instances;

/// <summary>The workflows that this process knows by name: the newest version of each.</summary>
public sealed class WorkflowCatalog
{
    private readonly Dictionary<string, WorkflowDefinition> _definitions;

    /// <exception cref="InvalidOperationException">A definition is not valid; the message names everything that is wrong.</exception>
    public WorkflowCatalog(IEnumerable<WorkflowDefinition> definitions, WorkflowValidator validator)
    {
        var all = definitions.ToList();
        _definitions = all.GroupBy(definition => definition.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.MaxBy(definition => definition.Version)!, StringComparer.Ordinal);
        Validator = validator;
        var faults = all.SelectMany(definition => validator.Validate(definition, _definitions.Keys).Select(fault => $"{definition.Name} v{definition.Version}: {fault}")).ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException($"Workflow definitions are not valid:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    /// <summary>Judges definitions that are not in the catalog.</summary>
    public WorkflowValidator Validator { get; }

    /// <summary>By name.</summary>
    public IEnumerable<WorkflowDefinition> All => _definitions.Values.OrderBy(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>Null: there is none of that name.</summary>
    public WorkflowDefinition? Find(string name) => _definitions.GetValueOrDefault(name);

    /// <summary>What to tell somebody who asked for a workflow that is not there.</summary>
    public string WhyUnknown(string name) => $"there is no workflow '{name}'{NearestName.Hint(name, _definitions.Keys)}";

    /// <summary>Everything that keeps a definition from being run here.</summary>
    public IReadOnlyList<FieldFault> Validate(WorkflowDefinition definition) => Validator.Validate(definition, _definitions.Keys);
}
