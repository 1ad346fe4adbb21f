using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Tests.Listening;

public sealed class QueueSignalsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private readonly VirtualTimeProvider _time = new();
    private readonly QueueSignals _signals;

    public QueueSignalsTests() => _signals = new QueueSignals(
        _time,
        Options.Create(new QueueListenerOptions()),
        new LimitRegistry(new JobRegistry([]), Options.Create(new JobPipelineOptions())));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WakeAt_AfterAMinuteOfSilence_WakesTheOtherQueuesToo()
    {
        _time.Advance(Silence.Begins);
        _signals.WakeAt(PriorityQueues.Low, _time.GetUtcNow() + TimeSpan.FromDays(1));

        foreach (var queue in PriorityQueues.All.Append(WorkflowEvents.Queue))
            Assert.True(await _signals.Of(queue).WaitAsync(Longest, Token));
    }

    [Fact]
    public async Task NewPace_ThatReceivedAMessageInASilence_WakesTheOtherQueues()
    {
        _time.Advance(Silence.Begins);
        _signals.NewPace(PriorityQueues.Normal).After(1);

        Assert.True(await _signals.Of(PriorityQueues.High).WaitAsync(Longest, Token));
    }

    [Fact]
    public void WakeAt_WithinAMinuteOfAMessage_LeavesTheOtherQueuesAlone()
    {
        _time.Advance(Silence.Begins - TimeSpan.FromSeconds(1));
        _signals.WakeAt(PriorityQueues.Low, _time.GetUtcNow());

        Assert.False(_signals.Of(PriorityQueues.High).WaitAsync(Longest, Token).IsCompleted);
    }
}
