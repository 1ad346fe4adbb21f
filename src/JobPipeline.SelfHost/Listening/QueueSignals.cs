using System.Collections.Frozen;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Listening;

/// <summary>The signals of the priority queues and of the workflow-event queue, and what sets the pace of their polls.</summary>
internal sealed class QueueSignals
{
    /// <summary>
    /// The interval between polls of the queue of ready jobs on a host without limits: it only runs what hosts with limits have left.
    /// </summary>
    private static readonly TimeSpan RarePoll = TimeSpan.FromMinutes(1);

    private readonly FrozenDictionary<string, QueueSignal> _signals;
    private readonly Silence _silence;
    private readonly TimeProvider _time;
    private readonly QueueListenerOptions _options;
    private readonly LimitRegistry _limits;

    public QueueSignals(TimeProvider time, IOptions<QueueListenerOptions> options, LimitRegistry limits)
    {
        (_time, _options, _limits) = (time, options.Value, limits);
        _signals = PriorityQueues.Received.Append(WorkflowEvents.Queue).ToFrozenDictionary(
            queueName => queueName, _ => new QueueSignal(time));
        _silence = new Silence(time, WakeAll);
    }

    public QueueSignal Of(string queueName) => _signals[queueName];

    /// <summary>Creates the pace of one queue's polls.</summary>
    public PollingPace NewPace(string queueName) => queueName == PriorityQueues.Ready && !_limits.IsUsed
        ? new(RarePoll, RarePoll, _silence)
        : new(_options.MaxPollInterval, _options.IdlePollInterval, _silence);

    /// <summary>Wakes the poller of a queue; ignores queues without one.</summary>
    public void WakeAt(string queue, DateTimeOffset due)
    {
        _silence.End();
        _signals.GetValueOrDefault(queue)?.WakeAt(due);
    }

    private void WakeAll()
    {
        foreach (var signal in _signals.Values)
            signal.WakeAt(_time.GetUtcNow());
    }
}
