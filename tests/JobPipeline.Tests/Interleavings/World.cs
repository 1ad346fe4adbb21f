using JobPipeline.Execution;
using System.Text;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Testing;

namespace JobPipeline.Tests.Interleavings;

/// <summary>One run of a scenario: the actors, the storage they share, and the loop that decides which actor continues.</summary>
internal sealed partial class World
{
    private const int MaxSteps = 3000;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan[] Leaps = [TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(61)];

    private readonly Scenario _scenario;
    private readonly IChooser _chooser;
    private readonly bool _isWeighted;
    private readonly VirtualTimeProvider _time = new();
    private readonly Scheduler _scheduler = new();
    private readonly List<Actor> _workers = [];
    private readonly InMemoryJobStore _store = new();
    private readonly InMemoryQueue _queue;
    private readonly InMemoryUniqueKeyStore _keys = new();
    private readonly InMemoryDeadLetterStore _deadLetters = new();
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly GateState _gate = new();
    private readonly History _history;
    private int _faults, _kills, _stalls, _runs, _unfinished;

    private World(Scenario scenario, IChooser chooser, bool isWeighted)
    {
        (_scenario, _chooser, _isWeighted) = (scenario, chooser, isWeighted);
        (_faults, _kills, _stalls) = (scenario.Errors, scenario.Kills, scenario.Stalls);
        _queue = new InMemoryQueue(_time);
        _history = new History(Wiring.MaxAttempts, Wiring.MaxDeaths, () =>
            _workers.Count(worker => worker is { IsBusy: true, IsKilled: false }));
    }

    /// <exception cref="BrokenPromiseException">The run violated a guarantee.</exception>
    public static void Run(Scenario scenario, IChooser chooser, bool isWeighted) => new World(scenario, chooser, isWeighted).Run();

    private void Run()
    {
        for (var i = 0; i < _scenario.Producers; i++)
            Start(ProduceAsync(new Actor($"producer{i}")));
        for (var i = 0; i < _scenario.Workers; i++)
            HireWorker();
        for (var i = 0; i < _scenario.Strangers; i++)
            HireWorker(isStranger: true);
        if (_scenario.Gate != GateKind.None)
            Start(MoveGateAsync(new Actor("gatekeeper")));
        if (_scenario.Canceller)
            Start(CancelAsync(new Actor("canceller")));
        for (var i = 0; i < _scenario.Replayers; i++)
            HireReplayer();
        if (_scenario.Bulk)
            _ = StartBulkAsync(new Actor("producer of bulk"));
        if (_scenario.Prelude)
            RunToTheLetter();

        for (var step = 0; step < MaxSteps; step++)
        {
            if (_history.Failure is { } failure)
                throw failure;
            if (IsQuiet())
            {
                Judge();
                return;
            }

            Step([.. _scheduler.Enabled]);
        }

        throw _history.Broken(
            $"a job was lost or does not end: {_history.Enqueued.Count} enqueued, {_history.Ended.Count} ended, "
                + $"{_queue.Count(PriorityQueues.Normal)} messages left");
    }

    private bool IsQuiet() =>
        _unfinished == 0
        && _history.Enqueued.Count > 0
        && _history.Ended.Count == _history.Enqueued.Count
        && _queue.Count(PriorityQueues.Normal) == 0
        && !_scheduler.Enabled.Any(flow => flow.Operation == AwaitsDeadLetter);

    private void Step(List<Parked> enabled)
    {
        if (enabled.Count == 0)
        {
            Leap(Leaps[0]);
            return;
        }

        if (_isWeighted && _chooser.Choose(4) != 0)
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
            moves.AddRange(Leaps.Select<TimeSpan, Action>(leap => () => Stall(leap)));
        if (_faults > 0)
        {
            foreach (var flow in enabled.Where(flow => flow.MayFail))
            {
                moves.Add(() => Fail(flow, Fate.FaultBefore));
                moves.Add(() => Fail(flow, Fate.FaultAfter));
            }
        }

        if (_kills > 0)
        {
            moves.AddRange(
                _workers.Where(worker => worker is { IsBusy: true, IsKilled: false }).Select<Actor, Action>(worker => () => Kill(worker)));
            moves.AddRange(
                _replayers
                    .Where(replayer => replayer is { IsBusy: true, IsKilled: false })
                    .Select<Actor, Action>(replayer => () => KillReplayer(replayer)));
        }

        return moves;
    }

    private void Fail(Parked flow, Fate fate)
    {
        _faults--;
        _history.Fault($"{fate} at '{flow.Operation}' of {flow.Actor.Name}");
        _scheduler.LetOn(flow, fate);
    }

    private void Kill(Actor worker)
    {
        _kills--;
        worker.IsKilled = true;
        _history.Fault($"{worker.Name} was killed");
        HireWorker(worker.IsStranger);
    }

    private void Stall(TimeSpan leap)
    {
        _stalls--;
        Leap(leap);
    }

    private void Leap(TimeSpan leap)
    {
        // Each worker that sleeps too long may lose its message to another, which counts as one fault per worker.
        foreach (var worker in _workers.Where(worker => worker is { IsBusy: true, IsKilled: false }))
            _history.Fault($"{worker.Name} slept in the middle of it");
        _history.Note($"{leap} pass");
        _time.Advance(leap);
    }

    private void HireWorker(bool isStranger = false)
    {
        var actor = new Actor($"{(isStranger ? "stranger" : "worker")}{_workers.Count}") { IsStranger = isStranger };
        _workers.Add(actor);
        _ = WorkAsync(actor);
    }

    private async void Start(Task flow)
    {
        _unfinished++;
        await flow;
        _unfinished--;
    }

    private async Task ProduceAsync(Actor actor)
    {
        var client = WiringOf(actor).Client;
        while (true)
        {
            try
            {
                await client.EnqueueAsync(new JobRequest { Type = Wiring.JobType, Key = "once", Payload = Encoding.UTF8.GetBytes("{}") });
                return;
            }
            catch (InjectedFaultException)
            {
                // A careful producer repeats the request with the same key.
                _history.Note($"{actor.Name} tries again");
            }
        }
    }

    private async Task CancelAsync(Actor actor)
    {
        var client = WiringOf(actor).Client;
        await _scheduler.StepAsync(actor, "decide to cancel", mayFail: false, () => _history.Enqueued.Count > 0);
        while (true)
        {
            try
            {
                await client.CancelAsync(_history.Enqueued.First(), "cancelled");
                return;
            }
            catch (InjectedFaultException)
            {
                _history.Note($"{actor.Name} tries again");
            }
        }
    }

    private async Task MoveGateAsync(Actor actor)
    {
        for (var move = 0; move < 2 * _scenario.Closings; move++)
        {
            await _scheduler.StepAsync(actor, "move the gate", mayFail: false);
            _gate.IsOpen = !_gate.IsOpen;
            _history.Note($"the gate {(_gate.IsOpen ? "opened" : "closed")}");
        }
    }

    private async Task WorkAsync(Actor actor)
    {
        var wiring = WiringOf(actor);
        while (true)
        {
            await _scheduler.StepAsync(actor, "receive", mayFail: false, () => _queue.HasVisible(PriorityQueues.Normal));
            if (await _queue.ReceiveAsync(PriorityQueues.Normal, 1, Visibility, default) is not [var delivery])
                continue;
            _history.Note($"{actor.Name} received (delivery {delivery.DequeueCount})");
            actor.Begin();
            await HandleAsync(actor, wiring, delivery);
            actor.End();
        }
    }

    private async Task HandleAsync(Actor actor, Wiring wiring, QueueDelivery delivery)
    {
        try
        {
            var result = await wiring.Executor.ExecuteAsync(
                delivery, new DeliveryTerms(CancellationToken.None) { AcknowledgesOnReturn = _scenario.Replaces });
            if (result.PutBackUntil is { } until && !IsWronglyAcknowledged(result))
                await _scheduler.OperateAsync(actor, "hide", () => _queue.HideAsync(delivery, until - _time.GetUtcNow(), default));
            else if (await _scheduler.OperateAsync(actor, "acknowledge", () => DeleteAsync(actor, delivery)))
                await wiring.CommitAsync();
        }
        catch (Exception e) when (e is not BrokenPromiseException)
        {
            // Like every host: a failed message is left to become visible again.
            _history.Note($"{actor.Name} gave up: {e.Message}");
        }

        _history.DeliveryEnded(actor);
    }

    private bool IsWronglyAcknowledged(DeliveryResult result) =>
        _scenario.Mutation == Mutation.PutBackTurnedIntoAcknowledge
        && result is DeliveryResult.Deferred { Reason: DeferralReason.HeldElsewhere };

    private async Task<bool> DeleteAsync(Actor actor, QueueDelivery delivery)
    {
        var deleted = await _queue.DeleteAsync(delivery, default);
        if (deleted)
            _history.Deleted(actor);
        return deleted;
    }

    private Wiring WiringOf(Actor actor)
    {
        var gate = _scenario.Gate == GateKind.None
            ? null
            : new RandomGate(_gate, _scenario.Gate, _scenario.Mutation, actor, _scheduler, _history, _time);
        return new(
            new GatedStore(_store, actor, _scheduler, _history, _time),
            new GatedQueue(_queue, actor, _scheduler, _history),
            new GatedKeys(_keys, actor, _scheduler),
            new GatedDeadLetters(_deadLetters, actor, _scheduler, _history),
            _payloads,
            _time,
            actor.Name,
            _scenario.Mutation,
            new ScriptedInvoker((context, claim) => ActAsync(actor, gate, context, claim)),
            _scenario.Callback,
            fleet: new LivingWorker(_time),
            isStranger: actor.IsStranger,
            gate: gate);
    }

    private async Task<JobOutcome?> ActAsync(Actor actor, RandomGate? gate, JobContext context, Guid claim)
    {
        _history.Started(actor, context.JobId, context.Attempt, claim);
        var act = _runs < _scenario.Script.Length ? _scenario.Script[_runs] : Act.Succeed;
        _runs++;
        await _scheduler.StepAsync(actor, "handle", mayFail: false);
        gate?.HandlerEnded();
        return act switch
        {
            Act.Fail => throw new IOException("scripted"),
            Act.Reject => throw new JobRejectedException("scripted"),
            Act.Snooze => JobOutcome.Snooze(TimeSpan.FromSeconds(30)),
            Act.CallOff => JobOutcome.Cancel("scripted"),
            _ => JobOutcome.Success(),
        };
    }
}
