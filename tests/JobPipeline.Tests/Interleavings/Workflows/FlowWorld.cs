using JobPipeline.Execution;
using System.Text;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>One run of a workflow: its runners, workers and external caller, and the loop that decides which actor continues.</summary>
internal sealed partial class FlowWorld
{
    public const string Id = "an-instance";

    private const int MaxSteps = 1500;
    private const int EventsAtATime = 32;
    private const int Nap = 3;
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(61);

    private readonly FlowScenario _scenario;
    private readonly IChooser _chooser;
    private readonly bool _isWeighted;
    private readonly VirtualTimeProvider _time = new();
    private readonly Scheduler _scheduler = new();
    private readonly FlowStorage _storage;
    private readonly FlowHistory _history;
    private readonly Dictionary<Actor, Action> _successors = [];
    private readonly Dictionary<Actor, int> _asleep = [];
    private readonly FlowPause _pause = new();
    private int _faults, _kills, _stalls, _stops, _hired;

    private FlowWorld(FlowScenario scenario, IChooser chooser, bool isWeighted)
    {
        (_scenario, _chooser, _isWeighted) = (scenario, chooser, isWeighted);
        (_faults, _kills, _stalls) = (scenario.Errors, scenario.Kills, scenario.Stalls);
        _stops = scenario.Stops;
        _storage = new FlowStorage(_time);
        _history = new FlowHistory(scenario, _time.GetUtcNow);
    }

    /// <summary>Runs the scenario and returns the number of choices.</summary>
    /// <exception cref="BrokenPromiseException">The run violated a guarantee.</exception>
    public static int Run(FlowScenario scenario, IChooser chooser, bool isWeighted) => new FlowWorld(scenario, chooser, isWeighted).Run();

    private int Run()
    {
        Hire("person", MeddleAsync);
        for (var i = 0; i < _scenario.Runners; i++)
            Hire("runner", RunEventsAsync);
        for (var i = 0; i < _scenario.Workers; i++)
            Hire("worker", WorkAsync);
        if (_scenario.Pauses > 0)
            Hire("operator", PauseAsync);
        for (var step = 0; step < MaxSteps; step++)
        {
            if (_history.Failure is { } failure)
                throw failure;
            if (IsQuiet())
            {
                Judge();
                return step;
            }

            Step([.. _scheduler.Enabled.Where(flow => !_asleep.ContainsKey(flow.Actor))]);
        }

        throw _history.Broken(
            $"the run does not end: {_storage.Queue.Count(WorkflowEvents.Queue)} events and "
                + $"{_storage.Queue.Count(PriorityQueues.Normal)} jobs are left");
    }

    private bool IsQuiet() =>
        _storage.Queue.Count(PriorityQueues.Normal) == 0
        && _storage.Queue.Count(WorkflowEvents.Queue) == 0
        && !_successors.Keys.Any(actor => actor is { IsBusy: true, IsKilled: false });

    private void Step(List<Parked> enabled)
    {
        if (enabled.Count == 0)
        {
            Leap(UntilNext());
            return;
        }

        if (_isWeighted && _chooser.Choose(8) != 0)
        {
            _scheduler.LetOn(enabled[_chooser.Choose(enabled.Count)], Fate.Proceed);
            return;
        }

        var moves = Moves(enabled);
        moves[_chooser.Choose(moves.Count)]();
    }

    private List<Action> Moves(List<Parked> enabled)
    {
        var moves = enabled.ConvertAll<Action>(flow => () => _scheduler.LetOn(flow, Fate.Proceed));
        if (_stalls > 0)
        {
            moves.Add(() =>
            {
                _stalls--;
                Leap(Stall);
            });
            moves.AddRange(
                _successors
                    .Keys.Where(actor => actor is { IsBusy: true, IsKilled: false })
                    .Select<Actor, Action>(actor => () => Sleep(actor)));
        }

        if (_kills > 0)
            moves.AddRange(
                _successors
                    .Keys.Where(actor => actor is { IsBusy: true, IsKilled: false })
                    .Select<Actor, Action>(actor => () => Kill(actor)));
        if (_stops > 0)
            moves.AddRange(Hosts.Where(actor => !actor.IsStopping).Select<Actor, Action>(actor => () => Stop(actor)));
        if (_faults > 0)
        {
            foreach (var flow in enabled.Where(flow => flow.MayFail))
            {
                moves.Add(() => Fail(flow, Fate.FaultBefore));
                moves.Add(() => Fail(flow, Fate.FaultAfter));
            }
        }

        return moves;
    }

    /// <summary>Suspends the actor, while the others continue, until time has advanced a number of times.</summary>
    private void Sleep(Actor actor)
    {
        _stalls--;
        _asleep[actor] = Nap;
        _history.Fault($"{actor.Name} falls asleep");
    }

    private void Fail(Parked flow, Fate fate)
    {
        _faults--;
        _history.Fault($"{fate} at '{flow.Operation}' of {flow.Actor.Name}");
        _scheduler.LetOn(flow, fate);
    }

    private void Kill(Actor actor)
    {
        _kills--;
        Die(actor);
    }

    private void Die(Actor actor)
    {
        actor.IsKilled = true;
        _history.Fault($"{actor.Name} was killed");
        _successors[actor]();
    }

    private TimeSpan UntilNext()
    {
        var next = new[] { PriorityQueues.Normal, WorkflowEvents.Queue }.Select(_storage.Queue.NextVisibleAt).Min();
        return next > _time.GetUtcNow() ? next.Value - _time.GetUtcNow() : TimeSpan.FromSeconds(21);
    }

    private void Leap(TimeSpan leap)
    {
        _history.Note($"{leap} pass");
        _time.Advance(leap);
        foreach (var actor in _asleep.Keys.ToList())
        {
            if (--_asleep[actor] == 0)
                _asleep.Remove(actor);
        }
    }

    private void Hire(string kind, Func<Actor, FlowWiring, Task> work)
    {
        var actor = new Actor($"{kind}{_hired++}") { IsHost = kind is "runner" or "worker" };
        _successors[actor] = () => Hire(kind, work);
        _ = work(
            actor,
            new FlowWiring(
                _storage,
                _scenario,
                actor,
                _scheduler,
                _history,
                _time,
                new FlowInvoker(context => ActAsync(actor, context)),
                _pause,
                (wiring, delivery) => _ = ExecuteOwnAsync(actor, wiring, delivery)));
    }

    private async Task RunEventsAsync(Actor actor, FlowWiring wiring)
    {
        while (!actor.IsStopping)
        {
            await _scheduler.StepAsync(actor, "receive events", mayFail: false, () => MayReceive(actor, WorkflowEvents.Queue));
            if (actor.IsStopping)
                return;
            // A random run also receives them one by one, so that two runners process one instance at the same time.
            var many = _isWeighted && _chooser.Choose(2) == 0 ? 1 : EventsAtATime;
            var deliveries = await _storage.Queue.ReceiveAsync(WorkflowEvents.Queue, many, Visibility, default);
            if (deliveries.Count == 0)
                continue;
            actor.Begin();
            _history.Note($"{actor.Name} received {deliveries.Count} events");
            if (_scenario.Mutation == FlowMutation.EventsAcknowledgedAtReceipt)
                await SettleAsync(actor, deliveries, new DateTimeOffset?[deliveries.Count]);
            var again = await wiring.Runner.RunAsync(deliveries, CancellationToken.None);
            if (_scenario.Mutation != FlowMutation.EventsAcknowledgedAtReceipt)
                await SettleAsync(actor, deliveries, again);
            actor.End();
        }
    }

    private async Task SettleAsync(Actor actor, IReadOnlyList<QueueDelivery> deliveries, IReadOnlyList<DateTimeOffset?> again)
    {
        foreach (var (delivery, at) in deliveries.Zip(again))
        {
            try
            {
                await _scheduler.OperateAsync(actor, "settle event", () =>
                    at is { } until
                        ? _storage.Queue.HideAsync(delivery, until - _time.GetUtcNow(), default)
                        : _storage.Queue.DeleteAsync(delivery, default));
            }
            catch (InjectedFaultException)
            {
                _history.Note($"{actor.Name} could not settle an event");
            }
        }
    }

    private async Task WorkAsync(Actor actor, FlowWiring wiring)
    {
        while (!actor.IsStopping)
        {
            await _scheduler.StepAsync(
                actor, "receive job", mayFail: false, () => MayReceive(actor, PriorityQueues.Normal) && !_pause.IsInForce);
            if (actor.IsStopping)
                return;
            if (await _storage.Queue.ReceiveAsync(PriorityQueues.Normal, 1, Visibility, default) is not [var delivery])
                continue;
            actor.Begin();
            _history.Note($"{actor.Name} received a job (delivery {delivery.DequeueCount})");
            await ExecuteAsync(actor, wiring, delivery);
            actor.End();
        }
    }

    private async Task ExecuteAsync(Actor actor, FlowWiring wiring, QueueDelivery delivery)
    {
        try
        {
            var result = await wiring.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
            await _scheduler.OperateAsync(actor, "settle job", () => result.PutBackUntil is { } until
                ? _storage.Queue.HideAsync(delivery, until - _time.GetUtcNow(), default)
                : _storage.Queue.DeleteAsync(delivery, default));
        }
        catch (Exception e) when (e is not BrokenPromiseException)
        {
            // Like every host: a failed message is left to become visible again.
            _history.Note($"{actor.Name} gave up: {e.Message}");
        }
    }

    private async Task<JobOutcome?> ActAsync(Actor actor, JobContext context)
    {
        var origin = (await _storage.Jobs.ReadAsync(context.JobId, default)).Record!.Spec.Workflow!;
        _history.Started(actor, origin.Instance, origin.Run, await _storage.Instances.ReadAsync(origin.Instance, default));
        var run = origin.Run;
        if (run.Item is { } item && item == _scenario.Poison)
            Die(actor);
        await _scheduler.StepAsync(actor, "handle", mayFail: false);
        if (_scenario.Fails.Contains($"{run.Step}#{run.Attempt}", StringComparer.Ordinal))
            throw new IOException("scripted");
        return JobOutcome.Success(Given(run));
    }

    private static string Given(StepRun run) => $"{run.Step}#{run.Attempt}@{run.Generation}";

    private static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);
}
