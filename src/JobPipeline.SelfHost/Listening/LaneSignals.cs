using System.Collections.Frozen;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The signals of all lanes, and of the queue of workflow events.</summary>
internal sealed class LaneSignals(TimeProvider time)
{
    private readonly FrozenDictionary<string, LaneSignal> _signals = JobLanes.All.Append(WorkflowEvents.Queue).ToFrozenDictionary(lane => lane, _ => new LaneSignal(time));

    public LaneSignal Of(string lane) => _signals[lane];

    /// <summary>Ignores queues that nobody polls in this way.</summary>
    public void WakeAt(string queue, DateTimeOffset due) => _signals.GetValueOrDefault(queue)?.WakeAt(due);
}
