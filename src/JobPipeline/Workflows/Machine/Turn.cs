using System.Collections.Immutable;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>A working copy of the state while one event is applied, with the effects collected so far.</summary>
internal sealed class Turn(WorkflowPlan plan, WorkflowState state, DateTimeOffset now, DateTimeOffset? idsAt = null)
{
    private const int MaxErrorChars = 300;

    private readonly WorkflowState _before = state;
    private readonly StepState[] _steps = [.. state.Steps];
    private readonly List<WorkflowEffect> _effects = [];
    private readonly Queue<int> _toEvaluate = new();

    public WorkflowPlan Plan { get; } = plan;

    public DateTimeOffset Now { get; } = now;

    /// <summary>
    /// The time from which the ids of attempts are derived that are sent in this turn. It is apart from the current time where a worker
    /// told the time: what runs twice must have the same ids each time.
    /// </summary>
    public DateTimeOffset IdsAt { get; } = idsAt ?? now;

    /// <summary>The state except for the steps, which the indexer holds.</summary>
    public WorkflowState State { get; set; } = state;

    public StepState this[int place]
    {
        get => _steps[place];
        set => _steps[place] = value;
    }

    public bool IsCancelling => State.Status == WorkflowStatus.Cancelling;

    /// <summary>Whether the step is given up because the workflow is being cancelled. A step that always runs is not.</summary>
    public bool IsGivenUp(int place) => IsCancelling && Plan[place].When != TriggerRule.Always;

    public bool AreAllDone => Array.TrueForAll(_steps, step => step.Status.IsDone());

    public void Add(WorkflowEffect effect) => _effects.Add(effect);

    public void LookAt(ReadOnlySpan<int> places)
    {
        foreach (var place in places)
            _toEvaluate.Enqueue(place);
    }

    public void LookAtAll()
    {
        for (var place = 0; place < Plan.Count; place++)
            _toEvaluate.Enqueue(place);
    }

    /// <summary>Takes the next step that may be able to start; null when no steps are left.</summary>
    public int? NextToLookAt() => _toEvaluate.TryDequeue(out var place) ? place : null;

    public StepRun RunOf(int place, Slot slot) =>
        new(Plan[place].Id, slot.Attempt, slot.Item, _steps[place].Status == StepStatus.Compensating, State.Generation, slot.Deferrals);

    /// <summary>
    /// The attempt as named by its time limit. The limit spans the whole attempt including its deferrals, so its timer has one
    /// name.
    /// </summary>
    public StepRun LimitOf(int place, Slot slot) => RunOf(place, slot) with { Deferrals = 0 };

    /// <summary>Finds the step and the slot that an event refers to; null for a late, repeated or unknown attempt.</summary>
    public (int Place, Slot Slot)? Find(StepRun run, bool isLimit = false)
    {
        if (run.Generation != State.Generation || Plan.Find(run.Step) is not { } place)
            return null;
        if (run.IsCompensation != (_steps[place].Status == StepStatus.Compensating))
            return null;
        var slot = _steps[place].Slots.FirstOrDefault(slot =>
            slot.Attempt == run.Attempt && slot.Item == run.Item && (slot.Deferrals == run.Deferrals || isLimit));
        return slot is null ? null : (place, slot);
    }

    /// <summary>Whether a job, a child or a slice runs outside the machine for this slot and will report its result.</summary>
    public bool IsOutside(int place, Slot slot) =>
        slot is { StartAt: null, IsHeld: false }
        && Plan[place].Action is not (WaitAction or DelayAction)
        && _steps[place].Status != StepStatus.Expanding;

    public void Replace(int place, Slot slot, Slot by) =>
        _steps[place] = _steps[place] with { Slots = _steps[place].Slots.Replace(slot, by) };

    public void Remove(int place, Slot slot) =>
        _steps[place] = _steps[place] with { Slots = _steps[place].Slots.Remove(slot) };

    public void Note(int place, string error) =>
        _steps[place] = _steps[place] with { Error = error.Length > MaxErrorChars ? error[..MaxErrorChars] : error };

    /// <summary>Records an attempt, so that its job can be found after the attempt has ended.</summary>
    public void NoteSent(int place, Slot slot)
    {
        var sent = new SentAttempt(slot.Attempt, slot.SentAt ?? Now, State.Generation, slot.Item);
        _steps[place] = _steps[place].Status == StepStatus.Compensating
            ? _steps[place] with { UndoSent = sent }
            : _steps[place] with { Sent = sent };
    }

    /// <summary>Ends a step and queues its dependents for evaluation.</summary>
    public void Finish(int place, StepStatus status)
    {
        _steps[place] = _steps[place] with { Status = status, EndedAt = Now, Slots = [] };
        if (status == StepStatus.Succeeded)
            State = State with { Completed = State.Completed.Add(place) };
        LookAt(Plan.Dependents(place));
    }

    /// <summary>Cancels the timer of a slot's time limit.</summary>
    public void CancelTimeout(int place, Slot slot)
    {
        if (slot.Deadline is not null)
            Add(new WorkflowEffect.CancelTimer(LimitOf(place, slot), TimerPurpose.Timeout));
    }

    /// <summary>Returns the result. If nothing changed, it holds the same state object that the turn began with.</summary>
    public WorkflowTurn Result() => _effects.Count == 0 && State == _before && _before.Steps.AsSpan().SequenceEqual(_steps)
        ? new WorkflowTurn(_before, [])
        : new WorkflowTurn(State with { Steps = ImmutableArray.Create(_steps), UpdatedAt = Now }, _effects);
}
