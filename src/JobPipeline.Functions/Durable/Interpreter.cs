using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// One execution of an orchestration: passes events to the workflow machine one at a time and applies the resulting effects
/// (<see cref="Effects"/>). A change of what it decides needs a new version, and a copy of this one that stays (ADR 25).
/// </summary>
internal sealed class Interpreter
{
    /// <summary>The version, which the input of an orchestration names.</summary>
    public const int Version = 3;

    /// <summary>The oldest version that this interpreter runs as well: the same without strands.</summary>
    public const int OldestVersion = 2;

    /// <summary>The number of lists of events after which the orchestration continues as new, as soon as no work is pending.</summary>
    public const int EventsPerExecution = 250;

    private readonly TaskOrchestrationContext _context;
    private readonly OrchestrationInput _passage;
    private readonly WorkflowPlan _plan;
    private readonly InFlight _inFlight = new();
    private readonly Timers _timers;
    private readonly Strands _strands;
    private readonly Effects _effects;
    private readonly Projection _projection;
    private WorkflowState _state;
    private int _events;
    private bool _isNudged;

    public Interpreter(TaskOrchestrationContext context, OrchestrationInput passage, bool isHolding = true)
    {
        (_context, _passage) = (context, passage);
        _plan = new WorkflowPlan(passage.Slice?.Of(passage.Definition) ?? passage.Definition);
        _state = passage is { Slice: { } slice, Timers: null } ? slice.Create(passage.State, Clock) : passage.State;
        _timers = new Timers(context, _inFlight);
        _strands = new Strands(context, _plan, passage, _inFlight) { IsHolding = isHolding };
        _effects = new Effects(context, _plan, passage, _inFlight, _timers, _strands);
        _projection = new Projection(context, _inFlight);
    }

    private DateTimeOffset Clock => new(_context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>The current time. With strands, whose workers have clocks of their own, never before that of the state.</summary>
    private DateTimeOffset Now => _strands.AreOn && _state.UpdatedAt > Clock ? _state.UpdatedAt : Clock;

    private bool IsLong => _events >= EventsPerExecution;

    public async Task<OrchestrationOutput> RunAsync()
    {
        await BeginAsync();
        Listen();
        while (true)
        {
            if (_state.Status.IsTerminal() && await EndAsync() is { } end)
                return end;
            _projection.BeforeWait();
            var (kind, happened) = await _inFlight.NextAsync();
            if (kind == InFlightKind.Strand)
                await ApplyStrandAsync();
            else if (happened.Count > 0 && !TryHold(happened))
                await ApplyAsync(happened);
            if (kind == InFlightKind.Signal && !_state.Status.IsTerminal())
            {
                // Only while no waiter is pending: an event delivered to a waiter is lost to the next execution.
                if (IsLong && _inFlight.IsQuiet)
                    return ContinueAsNew();
                Listen();
            }

            if (IsLong && _inFlight.IsQuiet && !_isNudged && !_state.Status.IsTerminal())
                Nudge();
        }
    }

    private Task BeginAsync()
    {
        if (_passage.Timers is null)
        {
            return AdvanceAsync(
                _state.Status.IsTerminal()
                    ? WorkflowMachine.Rerun(_plan, _state, Now)
                    : WorkflowMachine.Evolve(_plan, _state, new WorkflowEvent.Started(), Now));
        }
        foreach (var timer in _passage.Timers)
            _timers.Set(timer);
        return Task.CompletedTask;
    }

    private Task ApplyAsync(IReadOnlyList<WorkflowEvent> happened)
    {
        _events++;
        var effects = new List<WorkflowEffect>();
        var state = _state;
        foreach (var one in happened)
        {
            if (one is WorkflowEvent.SuspendRequested or WorkflowEvent.ResumeRequested)
                _effects.PassOnToSlices(one);
            var turn = WorkflowMachine.Evolve(_plan, state, one, Now);
            state = turn.State;
            effects.AddRange(turn.Effects);
        }

        return AdvanceAsync(new WorkflowTurn(state, effects));
    }

    /// <summary>Holds events while a strand is out. They are shown as if applied: a person who has cancelled sees that.</summary>
    private bool TryHold(IReadOnlyList<WorkflowEvent> happened)
    {
        if (!_strands.TryHold(happened))
            return false;
        var shown = _strands.WithHeld(_state, Now);
        if (_passage.Slice is null && !ReferenceEquals(_state, shown))
            Show(_state, shown with { Sequence = _state.Sequence + 1 });
        return true;
    }

    private async Task ApplyStrandAsync()
    {
        _events++;
        var (turn, isAlone) = await _strands.EndAsync(_state, Now);
        await AdvanceAsync(turn, isAlone);
    }

    private Task AdvanceAsync(WorkflowTurn turn, bool isAlone = false)
    {
        if (!ReferenceEquals(_state, turn.State))
        {
            // A number of its own for each state, because the clocks of hosts differ.
            var before = _state;
            _state = turn.State with { Sequence = before.Sequence + 1 };
            if (_passage.Slice is null)
                Show(before, _state);
        }

        return _effects.DoAsync(_state, turn.Effects, isAlone);
    }

    private void Show(WorkflowState before, WorkflowState state)
    {
        _context.SetCustomStatus(CustomStatus.Of(state).ToJson());
        if (!state.Status.IsTerminal())
            _projection.Changed(before, state);
    }

    private void Listen()
    {
        _isNudged = false;
        _inFlight.Add(InFlightKind.Signal, SignalAsync());
    }

    private async Task<WorkflowEvent?> SignalAsync() => Signals.Read(await _context.WaitForExternalEvent<string?>(Signals.Name));

    /// <summary>Sends an event to itself, which completes the pending waiter.</summary>
    private void Nudge()
    {
        _isNudged = true;
        _context.SendEvent(_context.InstanceId, Signals.Name, Signals.Nudge);
    }

    private OrchestrationOutput ContinueAsNew()
    {
        _projection.Stop();
        var next = _passage with { State = _state, Timers = _timers.CancelAll() };
        _context.ContinueAsNew(OrchestrationJson.Write(next), preserveUnprocessedEvents: true);
        return new OrchestrationOutput(_state.Status, _state.Reason);
    }

    /// <summary>
    /// Ends the orchestration. Returns null if the workflow instance has no output and has therefore failed; compensation is
    /// running then.
    /// </summary>
    private async Task<OrchestrationOutput?> EndAsync()
    {
        while (_state.Status.IsTerminal())
        {
            _timers.CancelAll();
            _projection.Stop();
            await _inFlight.DutiesAsync();
            if (_passage.Slice is { } slice)
                return new OrchestrationOutput(_state.Status, _state.Reason, slice.Ended(_state));
            if (await _projection.EndAsync(_state) is not { } failed)
                return new OrchestrationOutput(_state.Status, _state.Reason);
            await AdvanceAsync(WorkflowMachine.Evolve(_plan, _state, failed, Now));
        }

        return null;
    }
}
