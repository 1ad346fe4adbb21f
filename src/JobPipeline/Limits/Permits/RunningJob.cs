using System.Collections.Immutable;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Permits;

/// <summary>The job whose handler runs in the present flow of control.</summary>
internal sealed class RunningJob(JobId id, JobSpec spec)
{
    private static readonly AsyncLocal<RunningJob?> Local = new();

    private ImmutableDictionary<string, string> _keys = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null outside of a handler.</summary>
    public static RunningJob? Current => Local.Value;

    /// <summary>Cancelled when the handler has to stop.</summary>
    public CancellationToken Cancelled { get; private set; }

    /// <summary>Enters the flow of the handler. Call it in an async method: when that returns, the caller's flow is restored.</summary>
    public void Enter(CancellationToken cancelled)
    {
        Cancelled = cancelled;
        Local.Value = this;
    }

    /// <summary>The key of the job in a limit, which is found out once.</summary>
    public async ValueTask<string> KeyOfAsync(LimitDefinition limit, LimitKeys keys, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue(limit.Name, out var known))
            return known;
        var key = await keys.OfAsync(limit, id, spec, cancellationToken);
        ImmutableInterlocked.TryAdd(ref _keys, limit.Name, key);
        return key;
    }
}
