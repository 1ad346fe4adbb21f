using System.Collections.Frozen;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The signals of the priority queues and of the workflow-event queue.</summary>
internal sealed class QueueSignals(TimeProvider time)
{
    private readonly FrozenDictionary<string, QueueSignal> _signals = PriorityQueues.All.Append(WorkflowEvents.Queue).ToFrozenDictionary(
        queueName => queueName, _ => new QueueSignal(time));

    public QueueSignal Of(string queueName) => _signals[queueName];

    /// <summary>Wakes the poller of a queue; ignores queues without one.</summary>
    public void WakeAt(string queue, DateTimeOffset due) => _signals.GetValueOrDefault(queue)?.WakeAt(due);
}
