using System.Collections.Frozen;
using JobPipeline.Jobs;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The signals of all lanes.</summary>
internal sealed class LaneSignals(TimeProvider time)
{
    private readonly FrozenDictionary<string, LaneSignal> _signals = JobLanes.All.ToFrozenDictionary(lane => lane, _ => new LaneSignal(time));

    public LaneSignal Of(string lane) => _signals[lane];

    /// <summary>Ignores queues that are no lane.</summary>
    public void WakeAt(string queue, DateTimeOffset due) => _signals.GetValueOrDefault(queue)?.WakeAt(due);
}
