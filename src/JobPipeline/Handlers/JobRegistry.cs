using System.Collections.Frozen;
using JobPipeline.Jobs;

namespace JobPipeline.Handlers;

/// <summary>All job types that this process can run.</summary>
internal sealed class JobRegistry
{
    private readonly FrozenDictionary<string, JobDescriptor> _types;

    internal JobRegistry(IEnumerable<JobDescriptor> descriptors) =>
        _types = descriptors.ToFrozenDictionary(d => d.Type, StringComparer.Ordinal);

    /// <summary>Finds a job type; returns null when no handler is registered for it.</summary>
    public JobDescriptor? Find(string type) => _types.GetValueOrDefault(type);

    /// <exception cref="UnknownJobTypeException">No handler is registered for the type.</exception>
    public JobDescriptor Get(string type) => Find(type) ?? throw new UnknownJobTypeException(WhyUnknown(type));

    /// <summary>All registered types, ordered by name.</summary>
    public IEnumerable<JobDescriptor> All => _types.Values.OrderBy(d => d.Type, StringComparer.Ordinal);

    /// <summary>Gets the error message for a type that is not registered.</summary>
    public string WhyUnknown(string type) => WhyUnknown(type, []);

    /// <summary>Gets the error message with a hint at the nearest type, of this instance or of the others.</summary>
    internal string WhyUnknown(string type, IEnumerable<string> others) =>
        $"no handler is registered for the job type '{type}'{HintFor(type, others)}";

    internal string HintFor(string type, IEnumerable<string> others) => NearestName.Hint(type, _types.Keys.Concat(others));
}
