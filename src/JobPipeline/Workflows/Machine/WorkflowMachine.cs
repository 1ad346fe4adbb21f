using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Machine;

/// <summary>The result of applying an event.</summary>
/// <param name="State">The new state.</param>
/// <param name="Effects">The effects to carry out, in this order.</param>
internal sealed record WorkflowTurn(WorkflowState State, IReadOnlyList<WorkflowEffect> Effects);

/// <summary>
/// Decides everything that happens in a workflow: (definition, state, event, now) → (state, effects). The machine is pure: it
/// decides the same in the local runner, in a Durable orchestration and in a replay. Late, repeated and unknown events change
/// nothing.
/// </summary>
internal static class WorkflowMachine
{
    /// <summary>
    /// The newest version of the rules. A change that returns other effects for the same history needs a new version and must
    /// keep the old rules for existing workflow instances.
    /// </summary>
    public const int Version = 1;

    /// <summary>Creates the state of a workflow instance before its first event.</summary>
    /// <param name="plan">The plan of the definition that it runs.</param>
    /// <param name="instance">The id of the workflow instance.</param>
    /// <param name="now">The current time.</param>
    /// <param name="itemsPerSlice"><see cref="WorkflowState.ItemsPerSlice"/>.</param>
    public static WorkflowState Create(WorkflowPlan plan, string instance, DateTimeOffset now, int itemsPerSlice = 0) => new()
    {
        Instance = instance,
        ItemsPerSlice = itemsPerSlice,
        CreatedAt = now,
        UpdatedAt = now,
        Steps = [.. Enumerable.Repeat(StepState.Fresh, plan.Count)],
    };

    /// <summary>Applies an event to a workflow instance.</summary>
    /// <param name="plan">The plan of the definition that it runs.</param>
    /// <param name="state">The state.</param>
    /// <param name="happened">The event.</param>
    /// <param name="now">The current time.</param>
    /// <param name="idsAt">The time from which ids of attempts are derived; null for the current time.</param>
    /// <exception cref="NotSupportedException">The workflow instance was started by a newer release.</exception>
    public static WorkflowTurn Evolve(
        WorkflowPlan plan, WorkflowState state, WorkflowEvent happened, DateTimeOffset now, DateTimeOffset? idsAt = null)
    {
        if (state.MachineVersion > Version)
        {
            throw new NotSupportedException(
                $"Workflow {state.Instance} was started with machine version {state.MachineVersion}; "
                    + $"this release supports versions up to {Version}.");
        }

        // A completed instance can still fail until its output is stored.
        if (state.Status.IsTerminal() && !(state.Status == WorkflowStatus.Completed && happened is WorkflowEvent.OutputFailed))
            return new WorkflowTurn(state, []);
        var turn = new Turn(plan, state, now, idsAt);
        Apply(turn, happened);
        Scheduling.Advance(turn);
        return turn.Result();
    }

    /// <summary>
    /// Whether the result of an attempt would count. Storing the result of any other attempt would overwrite the one that counts.
    /// </summary>
    public static bool IsAwaited(WorkflowPlan plan, WorkflowState state, StepRun run) =>
        !state.Status.IsTerminal() && Attempts.IsAwaited(new Turn(plan, state, state.UpdatedAt), run);

    /// <summary>
    /// Runs a workflow instance that ended without success again, from its failed steps. Steps that succeeded and were not
    /// compensated are kept, unless they depend on a step that runs again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The workflow instance is running or completed.</exception>
    public static WorkflowTurn Rerun(WorkflowPlan plan, WorkflowState state, DateTimeOffset now)
    {
        if (!state.Status.IsTerminal() || state.Status == WorkflowStatus.Completed)
        {
            throw new InvalidOperationException(
                $"Workflow {state.Instance} is {state.Status}; only a workflow that ended without success can be run again.");
        }

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
                Steps =
                [
                    .. state.Steps.Select((step, place) =>
                        fresh.Contains(place) ? StepState.Fresh : step with { Status = StepStatus.Succeeded }),
                ],
            },
            now);
        turn.LookAtAll();
        Scheduling.Advance(turn);
        return turn.Result();
    }

    /// <summary>Fails a workflow instance that can't continue, and stops everything that it runs. It can be run again.</summary>
    /// <param name="plan">The plan of the definition that it runs.</param>
    /// <param name="state">The state; a workflow instance that has ended is not changed.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="now">The current time.</param>
    public static WorkflowTurn Abort(WorkflowPlan plan, WorkflowState state, string reason, DateTimeOffset now)
    {
        if (state.Status.IsTerminal())
            return new WorkflowTurn(state, []);
        var turn = new Turn(plan, state, now);
        Endings.Stop(turn, WorkflowStatus.Failed, reason);
        return turn.Result();
    }

    /// <summary>
    /// Ends a workflow instance whose interpreter is lost for good, without effects: its unfinished steps are cancelled, and a
    /// running compensation has failed. It can be run again.
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
            case WorkflowEvent.ItemsExpanded expanded: FanOut.Expanded(turn, expanded); break;
            case WorkflowEvent.Succeeded succeeded: Attempts.Succeeded(turn, succeeded.Run); break;
            case WorkflowEvent.Failed failed: Attempts.Failed(turn, failed.Run, failed.Error, failed.IsPermanent); break;
            case WorkflowEvent.Deferred deferred: Attempts.Deferred(turn, deferred.Run, deferred.Until); break;
            case WorkflowEvent.NotStarted notStarted: Packs.NotStarted(turn, notStarted.Run); break;
            case WorkflowEvent.SliceEnded ended: Slices.Ended(turn, ended); break;
            case WorkflowEvent.HaltRequested: Slices.Halt(turn); break;
            case WorkflowEvent.OutputFailed failed: Endings.OutputFailed(turn, failed.Error); break;
            case WorkflowEvent.TimerFired fired: Timers.Fired(turn, fired.Run, fired.Purpose); break;
            case WorkflowEvent.Raised raised: Mailbox.Raised(turn, raised); break;
            case WorkflowEvent.CancelRequested cancel when Mailbox.TryTake(turn, cancel.Id): Endings.Cancel(turn, cancel.Reason); break;
            case WorkflowEvent.TerminateRequested terminate when Mailbox.TryTake(turn, terminate.Id):
                Endings.Terminate(turn, terminate.Reason);
                break;
            case WorkflowEvent.SuspendRequested suspend when Mailbox.TryTake(turn, suspend.Id):
                Endings.Suspend(turn, suspend.Reason);
                break;
            case WorkflowEvent.ResumeRequested resume when Mailbox.TryTake(turn, resume.Id): Endings.Resume(turn); break;
            case WorkflowEvent.CancelRequested
                or WorkflowEvent.TerminateRequested
                or WorkflowEvent.SuspendRequested
                or WorkflowEvent.ResumeRequested:
                break;
            default: throw new InvalidOperationException($"{happened.GetType().Name} is not a known workflow event.");
        }
    }
}
