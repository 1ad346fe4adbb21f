using System.Text;
using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Testing;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>Whether the queue of the jobs is paused.</summary>
internal sealed class FlowPause
{
    public bool IsInForce { get; set; }
}

/// <summary>Sends the jobs of an actor hidden; the actor executes them beside what it receives.</summary>
internal sealed class FlowOwnDelivery(
    InMemoryQueue queue,
    FlowScenario scenario,
    Actor actor,
    Scheduler scheduler,
    FlowHistory history,
    FlowPause pause,
    Action<QueueDelivery> start) : IOwnDelivery
{
    public async Task<bool> TrySendAsync(string name, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!scenario.IsSentHidden || actor.IsStopping || pause.IsInForce)
            return false;
        if (scenario.Mutation == FlowMutation.SentHiddenForgotten)
        {
            var text = Encoding.UTF8.GetString(body.Span);
            body = Encoding.UTF8.GetBytes(text.Replace("\"sentHidden\":true,", "", StringComparison.Ordinal));
        }

        var delivery = await scheduler.OperateAsync(actor, "send hidden", async () =>
        {
            history.Note($"{actor.Name} sent hidden to {name}: a job");
            return await queue.SendHeldAsync(name, body, FlowWorld.Visibility, cancellationToken);
        });
        start(delivery);
        return true;
    }
}

/// <summary>The gate of a pause.</summary>
internal sealed class FlowPauseGate(FlowPause pause, TimeProvider time) : IStartGate
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public int Order => GateOrder.Pause;

    public ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<GateDecision>(pause.IsInForce
            ? new GateDecision.Closed(time.GetUtcNow() + Wait, DeferralReason.Paused, "paused", OnRecord: false)
            : GateDecision.Open.WithoutPermit);
}
