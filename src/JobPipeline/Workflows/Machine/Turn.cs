using System.Collections.Immutable;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Machine;

/// <summary>One turn of the machine in the making: a working copy of the state, and the effects so far.</summary>
internal sealed class Turn(WorkflowPlan plan, WorkflowState state, DateTimeOffset now)
{
    private const int MaxErrorChars = 300;

    private readonly WorkflowState _before = state;
    private readonly StepState[] _steps = [.. state.Steps];
    private readonly List<WorkflowEffect> _effects = [];
    private readonly Queue<int> _toLookAt = new();

    public WorkflowPlan Plan { get; } = plan;

    public DateTimeOffset Now { get; } = now;

    /// <summary>All but the steps.</summary>
    public WorkflowState State { get; set; } = state;

    public StepState this[int place]
    {
        get => _steps[place];
        set => _steps[place] = value;
    }

    public bool IsCancelling => State.Status == WorkflowStatus.Cancelling;

    /// <summary>True for a step that the cancelled workflow gives up; those that run always are not.</summary>
    public bool IsGivenUp(int place) => IsCancelling && Plan[place].When != TriggerRule.Always;

    public bool AreAllDone => Array.TrueForAll(_steps, step => step.Status.IsDone());

    public void Add(WorkflowEffect effect) => _effects.Add(effect);

    public void LookAt(ReadOnlySpan<int> places)
    {
        foreach (var place in places)
            _toLookAt.Enqueue(place);
    }

    public void LookAtAll()
    {
        for (var place = 0; place < Plan.Count; place++)
            _toLookAt.Enqueue(place);
    }

    /// <summary>The next step of which it is to be seen whether it may start.</summary>
    public int? NextToLookAt() => _toLookAt.TryDequeue(out var place) ? place : null;

    public StepRun RunOf(int place, Slot slot) =>
        new(Plan[place].Id, slot.Attempt, slot.Item, _steps[place].Status == StepStatus.Compensating, State.Generation, slot.Deferrals);

    /// <summary>A time limit is that of the whole attempt, however often it was deferred: its timer has one name.</summary>
    public StepRun LimitOf(int place, Slot slot) => RunOf(place, slot) with { Deferrals = 0 };

    /// <summary>The place and slot that an event is about; null for one that is late, repeated or foreign.</summary>
    public (int Place, Slot Slot)? Find(StepRun run, bool isLimit = false)
    {
        if (run.Generation != State.Generation || Plan.Find(run.Step) is not { } place)
            return null;
        if (run.IsCompensation != (_steps[place].Status == StepStatus.Compensating))
            return null;
        var slot = _steps[place].Slots.FirstOrDefault(slot => slot.Attempt == run.Attempt && slot.Item == run.Item && (slot.Deferrals == run.Deferrals || isLimit));
        return slot is null ? null : (place, slot);
    }

    /// <summary>Somebody works on it, who will answer.</summary>
    public bool IsOutside(int place, Slot slot) =>
        slot is { StartAt: null, IsHeld: false } && Plan[place].Action is not (WaitAction or DelayAction) && _steps[place].Status != StepStatus.Expanding;

    public void Replace(int place, Slot slot, Slot by) => _steps[place] = _steps[place] with { Slots = _steps[place].Slots.Replace(slot, by) };

    public void Remove(int place, Slot slot) => _steps[place] = _steps[place] with { Slots = _steps[place].Slots.Remove(slot) };

    public void Note(int place, string error) => _steps[place] = _steps[place] with { Error = error.Length > MaxErrorChars ? error[..MaxErrorChars] : error };

    /// <summary>Remembers an attempt, so that its job is known when the attempt is over.</summary>
    public void NoteSent(int place, Slot slot)
    {
        var sent = new SentAttempt(slot.Attempt, slot.SentAt ?? Now, State.Generation, slot.Item);
        _steps[place] = _steps[place].Status == StepStatus.Compensating
            ? _steps[place] with { UndoSent = sent }
            : _steps[place] with { Sent = sent };
    }

    /// <summary>The step is done, and what needs it is looked at.</summary>
    public void Finish(int place, StepStatus status)
    {
        _steps[place] = _steps[place] with { Status = status, EndedAt = Now, Slots = [] };
        if (status == StepStatus.Succeeded)
            State = State with { Completed = State.Completed.Add(place) };
        LookAt(Plan.Dependents(place));
    }

    /// <summary>Gives up a slot's time limit.</summary>
    public void CancelTimeout(int place, Slot slot)
    {
        if (slot.Deadline is not null)
            Add(new WorkflowEffect.CancelTimer(LimitOf(place, slot), TimerPurpose.Timeout));
    }

    /// <summary>The very state that it began with when nothing came of it.</summary>
    public WorkflowTurn Result() => _effects.Count == 0 && State == _before && _before.Steps.AsSpan().SequenceEqual(_steps)
        ? new WorkflowTurn(_before, [])
        : new WorkflowTurn(State with { Steps = ImmutableArray.Create(_steps), UpdatedAt = Now }, _effects);
}
