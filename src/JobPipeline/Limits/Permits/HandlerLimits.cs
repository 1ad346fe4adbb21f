using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Permits;

/// <summary>The limits as handlers see them. Without a job of its own, it goes by the one that runs.</summary>
internal sealed class HandlerLimits(LimitRegistry limits, LimitKeys keys, CallPermits permits) : IJobLimits
{
    private RunningJob? _job;

    /// <summary>Whether any limit is configured.</summary>
    public bool Any { get; } = limits.All.Any();

    public IJobLimit this[string name] => new HandlerLimit(Find(name), key: null, _job, keys, permits);

    public IJobLimit this[string name, string key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            var limit = Find(name);
            if (limit.Key is null && key.Length > 0)
            {
                throw new ArgumentException(
                    $"Limit '{name}' is not divided by a key: set JobPipeline:Limits:{name}:Key, or leave the key out", nameof(key));
            }

            return new HandlerLimit(limit, LimitKey.Cut(key), _job, keys, permits);
        }
    }

    /// <summary>The limits as a job sees them.</summary>
    public IJobLimits Of(RunningJob job) => new HandlerLimits(limits, keys, permits) { _job = job };

    private LimitDefinition Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (limits.Find(name) is { } limit)
            return limit;
        var names = limits.All.Select(known => known.Name).ToList();
        var others = names.Count == 0 ? "" : $"; the limits are {string.Join(", ", names)}{NearestName.Hint(name, names)}";
        throw new ArgumentException($"Limit '{name}' is not configured: add JobPipeline:Limits:{name}{others}", nameof(name));
    }
}
