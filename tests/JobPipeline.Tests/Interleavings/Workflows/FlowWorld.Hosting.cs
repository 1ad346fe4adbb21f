using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>What a self-host does beside receiving: it executes what it sent hidden, stops, and is paused.</summary>
internal sealed partial class FlowWorld
{
    /// <summary>The processes that have work.</summary>
    private IEnumerable<Actor> Hosts => _successors.Keys.Where(
        actor => actor is { IsBusy: true, IsKilled: false, IsHost: true });

    private bool MayReceive(Actor actor, string queue) => actor.IsStopping || _storage.Queue.HasVisible(queue);

    /// <summary>Executes a message that the actor sent hidden, unless the host stops or the queue is paused by then.</summary>
    private async Task ExecuteOwnAsync(Actor actor, FlowWiring wiring, QueueDelivery delivery)
    {
        actor.Begin();
        await _scheduler.StepAsync(actor, "take its own job", mayFail: false);
        if (actor.IsStopping || _pause.IsInForce)
            await GiveBackAsync(actor, delivery);
        else
            await ExecuteAsync(actor, wiring, delivery);
        actor.End();
    }

    private async Task GiveBackAsync(Actor actor, QueueDelivery delivery)
    {
        try
        {
            await _scheduler.OperateAsync(actor, "give a job back", () => _storage.Queue.HideAsync(delivery, TimeSpan.Zero, default));
        }
        catch (InjectedFaultException)
        {
            _history.Note($"{actor.Name} could not give a job back");
        }
    }

    private void Stop(Actor actor)
    {
        _stops--;
        actor.IsStopping = true;
        _history.Note($"{actor.Name} stops");
        _successors[actor]();
    }

    private async Task PauseAsync(Actor actor, FlowWiring wiring)
    {
        actor.Begin();
        for (var i = 0; i < 2 * _scenario.Pauses; i++)
        {
            await _scheduler.StepAsync(actor, "pause or resume", mayFail: false);
            _pause.IsInForce = i % 2 == 0;
            _history.Note($"the queue is {(_pause.IsInForce ? "paused" : "resumed")}");
        }

        actor.End();
    }
}
