using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>What came of an event.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Effects">What is to be done, in this order.</param>
public sealed record WorkflowTurn(WorkflowState State, IReadOnlyList<WorkflowEffect> Effects);

/// <summary>
/// Decides everything that happens in a workflow: (definition, state, event, now) → (state, effects). Pure: the same in the
/// local runner and in a Durable orchestration, and the same whenever it is played again. An event that is late, repeated
/// or not understood changes nothing.
/// </summary>
public static class WorkflowMachine
{
    /// <summary>The newest rules. A change that gives other effects for the same history gets a new number, and keeps the old rules for old instances.</summary>
    public const int Version = 1;

    /// <summary>An instance before its first event.</summary>
    /// <param name="plan">What it runs.</param>
    /// <param name="instance">Its id.</param>
    /// <param name="now">The time.</param>
    /// <param name="itemsPerSlice"><see cref="WorkflowState.ItemsPerSlice"/>.</param>
    public static WorkflowState Create(WorkflowPlan plan, string instance, DateTimeOffset now, int itemsPerSlice = 0) => new()
    {
        Instance = instance,
        ItemsPerSlice = itemsPerSlice,
        CreatedAt = now,
        UpdatedAt = now,
        Steps = [.. Enumerable.Repeat(StepState.Fresh, plan.Count)],
    };

    /// <exception cref="NotSupportedException">A newer release started the instance.</exception>
    public static WorkflowTurn Evolve(WorkflowPlan plan, WorkflowState state, WorkflowEvent happened, DateTimeOffset now)
    {
        if (state.MachineVersion > Version)
            throw new NotSupportedException($"Instance {state.Instance} was started by machine version {state.MachineVersion}; this release knows versions up to {Version}.");
        // An instance that has completed has not ended for good before its output is there.
        if (state.Status.IsTerminal() && !(state.Status == WorkflowStatus.Completed && happened is WorkflowEvent.OutputFailed))
            return new WorkflowTurn(state, []);
        var turn = new Turn(plan, state, now);
        Apply(turn, happened);
        Scheduling.Advance(turn);
        return turn.Result();
    }

    /// <summary>True while the result of an attempt would count: keeping that of any other would overwrite the one that does.</summary>
    public static bool IsAwaited(WorkflowPlan plan, WorkflowState state, StepRun run) =>
        !state.Status.IsTerminal() && Attempts.IsAwaited(new Turn(plan, state, state.UpdatedAt), run);

    /// <summary>
    /// Runs an instance that has ended without success again, from what failed: what succeeded and was not undone is kept,
    /// unless it came after what did not.
    /// </summary>
    /// <exception cref="InvalidOperationException">It runs, or completed.</exception>
    public static WorkflowTurn Rerun(WorkflowPlan plan, WorkflowState state, DateTimeOffset now)
    {
        if (!state.Status.IsTerminal() || state.Status == WorkflowStatus.Completed)
            throw new InvalidOperationException($"Instance {state.Instance} is {state.Status}: there is nothing to run again.");
        var fresh = new HashSet<int>();
        for (var place = 0; place < plan.Count; place++)
        {
            if (state.Steps[place].Status is not (StepStatus.Succeeded or StepStatus.CompensationFailed))
                Reset(plan, place, fresh);
        }

        var turn = new Turn(
            plan,
            state with
            {
                Status = WorkflowStatus.Running,
                Outcome = null,
                Reason = null,
                IsSuspended = false,
                Generation = state.Generation + 1,
                UpdatedAt = now,
                Completed = [.. state.Completed.Where(place => !fresh.Contains(place))],
                Steps = [.. state.Steps.Select((step, place) => fresh.Contains(place) ? StepState.Fresh : step with { Status = StepStatus.Succeeded })],
            },
            now);
        turn.LookAtAll();
        Scheduling.Advance(turn);
        return turn.Result();
    }

    /// <summary>Ends an instance that can't go on, whatever runs in it: that is told to stop. It can be run again.</summary>
    /// <param name="plan">What it runs.</param>
    /// <param name="state">Its state; one that has ended stays as it is.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="now">The time.</param>
    public static WorkflowTurn Abort(WorkflowPlan plan, WorkflowState state, string reason, DateTimeOffset now)
    {
        if (state.Status.IsTerminal())
            return new WorkflowTurn(state, []);
        var turn = new Turn(plan, state, now);
        Endings.Stop(turn, WorkflowStatus.Failed, reason);
        return turn.Result();
    }

    /// <summary>
    /// What is left of an instance whose interpreter is gone for good: nothing of it is being done or undone any more. It can
    /// be run again.
    /// </summary>
    public static WorkflowState BreakOff(WorkflowState state, WorkflowStatus status, string reason, DateTimeOffset now) => state with
    {
        Status = status,
        Outcome = null,
        Reason = reason,
        IsSuspended = false,
        UpdatedAt = now,
        Steps = [.. state.Steps.Select(step => step.Status switch
        {
            StepStatus.Compensating => step with { Status = StepStatus.CompensationFailed, Slots = [], EndedAt = now },
            _ when !step.Status.IsDone() => step with { Status = StepStatus.Cancelled, Slots = [], EndedAt = now },
            _ => step,
        })],
    };

    private static void Reset(WorkflowPlan plan, int place, HashSet<int> fresh)
    {
        if (!fresh.Add(place))
            return;
        foreach (var dependent in plan.Dependents(place))
            Reset(plan, dependent, fresh);
    }

    private static void Apply(Turn turn, WorkflowEvent happened)
    {
        switch (happened)
        {
            case WorkflowEvent.Started: Scheduling.SetInMotion(turn); break;
            case WorkflowEvent.ItemsExpanded expanded: FanOut.Expanded(turn, expanded.Run, expanded.Count); break;
            case WorkflowEvent.Succeeded succeeded: Attempts.Succeeded(turn, succeeded.Run); break;
            case WorkflowEvent.Failed failed: Attempts.Failed(turn, failed.Run, failed.Error, failed.IsPermanent); break;
            case WorkflowEvent.Deferred deferred: Attempts.Deferred(turn, deferred.Run, deferred.Until); break;
            case WorkflowEvent.SliceEnded ended: Slices.Ended(turn, ended); break;
            case WorkflowEvent.HaltRequested: Slices.Halt(turn); break;
            case WorkflowEvent.OutputFailed failed: Endings.OutputFailed(turn, failed.Error); break;
            case WorkflowEvent.TimerFired fired: Timers.Fired(turn, fired.Run, fired.Purpose); break;
            case WorkflowEvent.Raised raised: Mailbox.Raised(turn, raised); break;
            case WorkflowEvent.CancelRequested cancel when Mailbox.TryTake(turn, cancel.Id): Endings.Cancel(turn, cancel.Reason); break;
            case WorkflowEvent.TerminateRequested terminate when Mailbox.TryTake(turn, terminate.Id): Endings.Terminate(turn, terminate.Reason); break;
            case WorkflowEvent.SuspendRequested suspend when Mailbox.TryTake(turn, suspend.Id): Endings.Suspend(turn, suspend.Reason); break;
            case WorkflowEvent.ResumeRequested resume when Mailbox.TryTake(turn, resume.Id): Endings.Resume(turn); break;
            case WorkflowEvent.CancelRequested or WorkflowEvent.TerminateRequested or WorkflowEvent.SuspendRequested or WorkflowEvent.ResumeRequested: break;
            default: throw new InvalidOperationException($"{happened.GetType().Name} is no workflow event.");
        }
    }
}
