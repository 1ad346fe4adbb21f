using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Limits.Meters;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Rules;

/// <summary>The limits that this instance knows, and those of each job type in the order in which its jobs pass them.</summary>
internal sealed class LimitRegistry
{
    /// <summary>What stands before the type in the name of the limit that a type's own concurrency makes.</summary>
    private const string OwnPrefix = "job:";

    private readonly Dictionary<string, LimitDefinition> _limits;
    private readonly Dictionary<string, LimitDefinition[]> _types;

    public LimitRegistry(JobRegistry types, IOptions<JobPipelineOptions> options)
    {
        _limits = options.Value.Limits.ToDictionary(
            limit => limit.Key, limit => new LimitDefinition(limit.Key, limit.Value), StringComparer.Ordinal);
        foreach (var type in types.All.Where(type => type.Concurrency is not null))
        {
            var own = OwnPrefix + type.Type;
            _limits[own] = new LimitDefinition(own, new LimitOptions { Concurrency = type.Concurrency });
        }

        _types = types.All.Where(type => type.IsLimited).ToDictionary(type => type.Type, LimitsOf, StringComparer.Ordinal);
    }

    /// <summary>All limits, by name.</summary>
    public IEnumerable<LimitDefinition> All => _limits.Values.OrderBy(limit => limit.Name, StringComparer.Ordinal);

    /// <summary>Whether a type of this instance has a limit.</summary>
    public bool IsUsed => _types.Count > 0;

    /// <summary>The limits of a type; empty for a type that this instance does not run.</summary>
    public IReadOnlyList<LimitDefinition> Of(string? type) => type is null ? [] : _types.GetValueOrDefault(type) ?? [];

    /// <summary>Null for a limit that this instance does not know.</summary>
    public LimitDefinition? Find(string name) => _limits.GetValueOrDefault(name);

    /// <summary>The rule of a gate; null if this instance does not know its limit.</summary>
    public LimitRule? RuleOf(GateId gate) => Find(gate.Limit)?.RuleOf(gate.Key);

    /// <summary>
    /// One order for all types, so that two jobs never wait for each other. Concurrencies come first: their permits can be given back.
    /// </summary>
    private LimitDefinition[] LimitsOf(JobDescriptor type) =>
    [
        .. type.Limits.Append(type.Concurrency is null ? null : OwnPrefix + type.Type)
            .OfType<string>()
            .Select(name => _limits[name])
            .OrderBy(limit => limit.Rule.Rate is not null)
            .ThenBy(limit => limit.Name, StringComparer.Ordinal),
    ];
}
