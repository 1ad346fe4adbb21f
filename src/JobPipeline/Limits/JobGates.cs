using System.Runtime.CompilerServices;
using JobPipeline.Jobs;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits;

/// <summary>Finds the gates at which a row may stand for a job.</summary>
internal sealed class JobGates(LimitRegistry limits, LimitKeys keys)
{
    /// <summary>Whether a row may stand for a job of the type.</summary>
    public bool MayHaveRow(string type) => limits.Of(type).Count > 0;

    /// <summary>The gates of a job, in the order in which it passes them.</summary>
    public async IAsyncEnumerable<GateId> OfAsync(
        JobId job, JobSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var limit in limits.Of(spec.Type))
            yield return new GateId(limit.Name, await keys.OfAsync(limit, job, spec, cancellationToken));
    }
}
