using System.Collections.Frozen;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The signals of the priority queues and of the workflow-event queue.</summary>
internal sealed class LaneSignals(TimeProvider time)
{
    private readonly FrozenDictionary<string, LaneSignal> _signals = JobLanes.All.Append(WorkflowEvents.Queue).ToFrozenDictionary(
        lane => lane, _ => new LaneSignal(time));

    public LaneSignal Of(string lane) => _signals[lane];

    /// <summary>Wakes the poller of a queue; ignores queues without one.</summary>
    public void WakeAt(string queue, DateTimeOffset due) => _signals.GetValueOrDefault(queue)?.WakeAt(due);
}
