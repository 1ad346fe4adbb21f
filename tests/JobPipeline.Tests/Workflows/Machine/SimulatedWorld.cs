using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>The history of a workflow instance: its first state, and every event with the time at which it was applied.</summary>
internal sealed record WorkflowHistory(WorkflowPlan Plan, WorkflowState First, IReadOnlyList<HistoryEntry> Entries);

/// <summary>An event and its result; without an event, a re-run.</summary>
internal sealed record HistoryEntry(WorkflowEvent? Event, DateTimeOffset At, WorkflowTurn Turn);

/// <summary>
/// The environment of one workflow instance. It answers everything eventually, but in any order, late, twice, and with any result;
/// requests of users arrive at any time.
/// </summary>
internal sealed class SimulatedWorld(WorkflowDefinition definition, Draw draw, WorkflowSlice? slice = null)
{
    private const int MaxEvents = 20_000;
    private const int MaxDeferrals = 2;

    private readonly List<WorkflowEvent> _inbox = [new WorkflowEvent.Started()];
    private readonly List<(WorkflowEvent Event, DateTimeOffset At)> _timers = [];
    private readonly List<WorkflowEffect> _work = [];
    private readonly List<List<WorkflowEffect.Run>> _packs = [];

    /// <summary>The events of a pack, which are applied one after the other.</summary>
    private readonly Queue<WorkflowEvent> _list = [];
    private readonly HashSet<WorkflowEvent> _seen = [];
    private readonly List<WorkflowEvent> _delivered = [];
    private readonly List<HistoryEntry> _history = [];
    private readonly WorkflowPlan _plan = new(slice?.Of(definition) ?? definition);
    private DateTimeOffset _now = Start;
    private int _requests;
    private int _reruns = slice is null && draw.OneIn(3) ? 1 : 0;

    public static DateTimeOffset Start { get; } = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Runs the instance to its end, with every rule checked at every event.</summary>
    public WorkflowHistory Run()
    {
        var first = WorkflowMachine.Create(_plan, "w-1", _now, itemsPerSlice: draw.OneIn(2) ? 1 + draw.Below(3) : 0);
        first = slice?.Create(first, _now) ?? first;
        var state = first;
        var rules = new MachineRules(_plan);
        while (true)
        {
            if (state.Status.IsTerminal() && _inbox.Count == 0 && _work.Count == 0 && _packs.Count == 0 && _list.Count == 0)
            {
                if (state.Status == WorkflowStatus.Completed || _reruns-- <= 0)
                    return new WorkflowHistory(_plan, first, _history);
                var again = WorkflowMachine.Rerun(_plan, state, _now);
                rules.CheckRerun(state, again);
                Keep(null, again);
                state = again.State;
                continue;
            }

            Assert.True(_history.Count < MaxEvents, "the instance does not end");
            var happened = Next(state);
            var turn = WorkflowMachine.Evolve(_plan, state, happened, _now);
            var isNew = _seen.Add(happened);
            if (isNew)
                _delivered.Add(happened);
            if (!isNew || state.Status.IsTerminal())
            {
                Assert.Same(state, turn.State);
                Assert.Empty(turn.Effects);
            }

            if (happened is WorkflowEvent.Succeeded { Run: var run })
                Assert.Equal(WorkflowMachine.IsAwaited(_plan, state, run), !ReferenceEquals(state, turn.State));
            rules.Check(state, happened, turn, _now);
            Keep(happened, turn);
            state = turn.State;
        }
    }

    private void Keep(WorkflowEvent? happened, WorkflowTurn turn)
    {
        _history.Add(new HistoryEntry(happened, _now, turn));
        var packed = turn.Effects.OfType<WorkflowEffect.Run>().Where(run => run.Pack is not null);
        _packs.AddRange(packed.GroupBy(run => (run.Attempt.Step, run.Pack)).Select(pack => pack.ToList()));
        foreach (var effect in turn.Effects)
        {
            switch (effect)
            {
                case WorkflowEffect.Run { Pack: not null }:
                    break;
                case WorkflowEffect.Run or WorkflowEffect.Expand or WorkflowEffect.RunSlice:
                    _work.Add(effect);
                    break;
                case WorkflowEffect.SetTimer timer:
                    _timers.Add((new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose), timer.At));
                    break;
                case WorkflowEffect.CancelTimer timer when draw.OneIn(2):
                    // The other half of the cancelled timers fire nevertheless.
                    _timers.RemoveAll(entry => entry.Event.Equals(new WorkflowEvent.TimerFired(timer.Attempt, timer.Purpose)));
                    break;
            }
        }
    }

    private WorkflowEvent Next(WorkflowState state)
    {
        if (_list.TryDequeue(out var listed))
            return listed;
        if (draw.OneIn(25) && _requests < 6 && !state.Status.IsTerminal())
            return Request(draw.Below(slice is null ? 8 : 9));
        if (draw.OneIn(8) && _delivered.Count > 0)
            return _delivered[draw.Below(_delivered.Count)];
        _now += TimeSpan.FromMilliseconds(draw.Below(200));
        foreach (var due in _timers.Where(timer => timer.At <= _now).ToList())
        {
            _timers.Remove(due);
            _inbox.Add(due.Event);
        }

        if (_work.Count > 0 && (_inbox.Count == 0 || draw.OneIn(2)))
        {
            var work = draw.Of(_work);
            _work.Remove(work);
            _inbox.Add(Answer(work));
        }

        if (_packs.Count > 0 && (_inbox.Count == 0 || draw.OneIn(2)))
        {
            var pack = draw.Of(_packs);
            _packs.Remove(pack);
            Answer(pack);
            return _list.Dequeue();
        }

        if (_inbox.Count == 0)
            return Idle(state);
        var next = draw.Of(_inbox);
        _inbox.Remove(next);
        return next;
    }

    /// <summary>Returns the next event when no work is running: time passes, or an awaited event is raised.</summary>
    private WorkflowEvent Idle(WorkflowState state)
    {
        if (_timers.Count > 0 && (state.IsSuspended || !draw.OneIn(4)))
        {
            var next = _timers.MinBy(timer => timer.At);
            _timers.Remove(next);
            _now = next.At > _now ? next.At : _now;
            return next.Event;
        }

        if (state.IsSuspended)
            return Request(6);
        var waiting = _plan
            .Definition.Steps.Where((step, place) => step.Action is WaitAction && state.Steps[place].Status == StepStatus.Running)
            .Select(step => ((WaitAction)step.Action).Event);
        return waiting.FirstOrDefault() is { } name ? Raise(name)
            : _timers.Count > 0 ? Idle(state)
            : throw new InvalidOperationException($"Nothing is waited for, and the instance is {state.Status}.");
    }

    private WorkflowEvent Request(int kind)
    {
        var id = $"request-{_requests++}";
        return kind switch
        {
            0 => new WorkflowEvent.CancelRequested("had enough", id),
            1 => draw.OneIn(2) ? new WorkflowEvent.TerminateRequested("stop it", id) : new WorkflowEvent.CancelRequested("had enough", id),
            2 or 3 => Raise(draw.OneIn(2) ? "approved" : "paid"),
            8 => new WorkflowEvent.HaltRequested(),
            4 or 5 => new WorkflowEvent.SuspendRequested("lunch", id),
            _ => new WorkflowEvent.ResumeRequested(id),
        };
    }

    private WorkflowEvent.Raised Raise(string name) => new(name, $"event-{_requests++}");

    private WorkflowEvent Answer(WorkflowEffect work)
    {
        if (work is WorkflowEffect.Expand { Attempt: var list })
            return draw.OneIn(6) ? Failed(list) : Expanded(list);
        if (work is WorkflowEffect.RunSlice { Attempt: var items, Count: var count })
            return draw.OneIn(4)
                ? new WorkflowEvent.SliceEnded(items, draw.Below(count), 2, "unplugged")
                : new WorkflowEvent.SliceEnded(items, count, 1, null);
        var run = ((WorkflowEffect.Run)work).Attempt;
        return draw.Below(10) switch
        {
            < 6 => new WorkflowEvent.Succeeded(run),
            6 when run.Deferrals < MaxDeferrals => new WorkflowEvent.Deferred(run, _now + TimeSpan.FromSeconds(draw.Below(20))),
            _ => Failed(run),
        };
    }

    /// <summary>Items of a step with a time limit don't run in packs.</summary>
    private WorkflowEvent.ItemsExpanded Expanded(StepRun list) =>
        _plan[_plan.Find(list.Step)!.Value].Timeout is null && draw.OneIn(4)
            ? new WorkflowEvent.ItemsExpanded(list, 16 + draw.Below(10)) { PerPack = 2 + draw.Below(3) }
            : new WorkflowEvent.ItemsExpanded(list, draw.Below(7));

    /// <summary>A pack ends at its first item that does not succeed, or earlier.</summary>
    private void Answer(List<WorkflowEffect.Run> pack)
    {
        var isOver = false;
        foreach (var run in pack)
        {
            isOver |= draw.OneIn(10);
            var happened = isOver ? new WorkflowEvent.NotStarted(run.Attempt) : Answer(run);
            isOver |= happened is not WorkflowEvent.Succeeded;
            _list.Enqueue(happened);
        }
    }

    private WorkflowEvent.Failed Failed(StepRun run) => new(run, "unplugged", IsPermanent: draw.OneIn(4));
}
