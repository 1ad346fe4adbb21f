using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Checks the invariants of the machine at every event, with its own records of effects and answers only.</summary>
internal sealed class MachineRules(WorkflowPlan plan)
{
    private readonly Dictionary<StepRun, DateTimeOffset> _sent = [];
    private readonly HashSet<StepRun> _working = [];
    private readonly Dictionary<StepRun, int> _packs = [];
    private readonly HashSet<(StepRun, TimerPurpose)> _set = [];
    private readonly HashSet<(StepRun, TimerPurpose)> _ahead = [];
    private readonly HashSet<(StepRun Run, bool Permanent)> _failed = [];
    private readonly HashSet<WorkflowEvent> _seen = [];
    private readonly CompensationRules _undoing = new(plan);
    private readonly SliceRules _slices = new(plan);
    private WorkflowStatus? _asked;
    private bool _ended;

    public void Check(WorkflowState before, WorkflowEvent happened, WorkflowTurn turn, DateTimeOffset now)
    {
        Note(before, happened);
        _undoing.Note(before, turn.State);
        foreach (var effect in turn.Effects)
            Check(effect, turn.State, now);
        for (var place = 0; place < plan.Count; place++)
            CheckStep(before.Steps[place], turn.State, place);
        if (turn.State.Status.IsTerminal() && turn.Effects.Count > 0)
            CheckEnd(turn);
        Assert.Equal(turn.State.Status.IsTerminal(), _ended);
    }

    /// <summary>Checks that a re-run keeps the succeeded steps that are still valid and runs none of them again.</summary>
    public void CheckRerun(WorkflowState before, WorkflowTurn turn)
    {
        Assert.Equal(before.Generation + 1, turn.State.Generation);
        (_asked, _ended) = (null, false);
        _undoing.Forget(turn.State);
        _slices.Forget();
        var kept = new bool[plan.Count];
        for (var place = 0; place < plan.Count; place++)
        {
            // In these graphs the steps that a step needs precede it.
            kept[place] =
                before.Steps[place].Status is StepStatus.Succeeded or StepStatus.CompensationFailed
                && Array.TrueForAll(plan.Needs(place).ToArray(), need => kept[need]);
            var (was, now) = (before.Steps[place], turn.State.Steps[place]);
            Assert.True(
                kept[place]
                    ? turn.State.Completed.Contains(place) && now.EndedAt == was.EndedAt
                    : now.EndedAt is null || now.EndedAt == turn.State.UpdatedAt);
            Assert.DoesNotContain(turn.Effects, effect =>
                kept[place] && effect is WorkflowEffect.Run run && run.Attempt.Step == plan[place].Id && !run.Attempt.IsCompensation);
        }

        foreach (var effect in turn.Effects)
            Check(effect, turn.State, turn.State.UpdatedAt);
        Assert.Equal(turn.State.Status.IsTerminal(), _ended);
    }

    private void Note(WorkflowState before, WorkflowEvent happened)
    {
        // The world also delivers events twice; the second delivery is ignored.
        if (before.Status.IsTerminal() || !_seen.Add(happened))
            return;
        switch (happened)
        {
            case WorkflowEvent.Succeeded { Run: var run }:
                _working.Remove(run);
                break;
            case WorkflowEvent.Deferred { Run: var run }:
                _working.Remove(run);
                break;
            case WorkflowEvent.NotStarted { Run: var run }:
                _working.Remove(run);
                break;
            case WorkflowEvent.Failed failed:
                _working.Remove(failed.Run);
                _failed.Add((failed.Run with { Deferrals = 0 }, failed.IsPermanent));
                break;
            case WorkflowEvent.SliceEnded ended:
                _working.Remove(ended.Run);
                _slices.Note(before, ended);
                break;
            case WorkflowEvent.TimerFired fired:
                _ahead.Remove((fired.Run, fired.Purpose));
                if (fired.Purpose == TimerPurpose.Timeout)
                    _failed.Add((fired.Run, false));
                break;
            case WorkflowEvent.CancelRequested when before.Status == WorkflowStatus.Running:
                _asked ??= WorkflowStatus.Cancelled;
                break;
            case WorkflowEvent.TerminateRequested:
                _asked = WorkflowStatus.Terminated;
                break;
        }
    }

    private void Check(WorkflowEffect effect, WorkflowState after, DateTimeOffset now)
    {
        Assert.False(_ended && effect is not WorkflowEffect.End, "an effect follows the end");
        switch (effect)
        {
            case WorkflowEffect.Run run:
                CheckStart(run.Attempt, after, now);
                // The job's id derives from both and stays the same after a deferral.
                Assert.Equal(_sent[run.Attempt with { Deferrals = 0 }], run.At);
                Assert.True(_working.Add(run.Attempt));
                Assert.Equal(plan[plan.Find(run.Attempt.Step)!.Value].Timeout is null, run.Deadline is null);
                if (run.Pack is { } pack)
                    _packs.Add(run.Attempt, pack);
                CheckParallel(run.Attempt);
                _undoing.Check(run.Attempt, after);
                break;
            case WorkflowEffect.Expand expand:
                CheckStart(expand.Attempt, after, now);
                break;
            case WorkflowEffect.RunSlice slice:
                CheckStart(slice.Attempt, after, now);
                Assert.True(_working.Add(slice.Attempt));
                _slices.Check(slice, after);
                break;
            case WorkflowEffect.Halt halt:
                Assert.Contains(halt.Attempt, _working);
                break;
            case WorkflowEffect.Stop stop:
                Assert.Equal(_sent[stop.Attempt with { Deferrals = 0 }], stop.At);
                _working.Remove(stop.Attempt);
                break;
            case WorkflowEffect.SetTimer timer:
                Assert.True(_set.Add((timer.Attempt, timer.Purpose)), "a timer has the name of an earlier one");
                _ahead.Add((timer.Attempt, timer.Purpose));
                break;
            case WorkflowEffect.CancelTimer timer:
                Assert.Contains((timer.Attempt, timer.Purpose), _set);
                _ahead.Remove((timer.Attempt, timer.Purpose));
                break;
            case WorkflowEffect.End end:
                Assert.False(_ended, "the instance ends twice");
                Assert.Equal(after.Status, end.Status);
                _ended = true;
                break;
        }
    }

    private void CheckStart(StepRun run, WorkflowState after, DateTimeOffset now)
    {
        Assert.False(after.IsSuspended, "a step is started while the instance is suspended");
        Assert.Equal(after.Generation, run.Generation);
        Assert.True(_sent.TryAdd(run, now), $"{run} is started twice");
        var retry = plan[plan.Find(run.Step)!.Value].Retry;
        Assert.InRange(run.Attempt, 1, retry.MaxAttempts);
        if (run.Attempt == 1)
            return;
        var previous = run with { Attempt = run.Attempt - 1, Deferrals = 0 };
        Assert.Contains((previous, false), _failed);
    }

    private void CheckParallel(StepRun run)
    {
        if (plan[plan.Find(run.Step)!.Value].Action is ForEachAction each)
        {
            // The items of a pack run one after the other.
            var working = _working.Where(other => other.Step == run.Step && other.Generation == run.Generation);
            Assert.InRange(
                working.DistinctBy(other => _packs.TryGetValue(other, out var pack) ? pack : -1 - other.Item).Count(), 1, each.MaxParallel);
        }
    }

    private void CheckStep(StepState before, WorkflowState after, int place)
    {
        var now = after.Steps[place];
        if (plan[place].Action is ForEachAction each && now.PerPack == 0)
            Assert.InRange(now.Slots.Length, 0, each.MaxParallel);
        Assert.False(now.Status.IsDone() && now.Status != StepStatus.Compensating && !now.Slots.IsEmpty, "a finished step still runs");
        if (now.Status == StepStatus.Succeeded && before.Status != StepStatus.Succeeded && plan[place].Action is ForEachAction)
            Assert.Equal((now.Items, now.Items), (now.Begun, now.Done));
        if (now.Status == StepStatus.Failed && before.Status == StepStatus.Running && plan[place].Action is JobAction or ChildAction)
            CheckGivenUp(new StepRun(plan[place].Id, before.Slots[0].Attempt, Generation: after.Generation));
        if (before.Status != StepStatus.Pending || now.Status is StepStatus.Pending or StepStatus.Cancelled)
            return;
        var needs = plan.Needs(place).ToArray().Select(need => after.Steps[need].Status).ToList();
        Assert.All(needs, need => Assert.True(need.IsDone()));
        var holds = plan[place].When switch
        {
            TriggerRule.AllSucceeded => needs.TrueForAll(CompensationRules.HasSucceeded),
            TriggerRule.AnyFailed => needs.Contains(StepStatus.Failed),
            _ => true,
        };
        Assert.Equal(holds, now.Status != StepStatus.Skipped);
        if (after.Status == WorkflowStatus.Cancelling)
            Assert.Equal(TriggerRule.Always, plan[place].When);
    }

    /// <summary>Checks that a step fails only after its last attempt or with a permanent error.</summary>
    private void CheckGivenUp(StepRun last) =>
        Assert.True(last.Attempt == plan[plan.Find(last.Step)!.Value].Retry.MaxAttempts || _failed.Contains((last, true)));

    private void CheckEnd(WorkflowTurn turn)
    {
        var state = turn.State;
        Assert.IsType<WorkflowEffect.End>(turn.Effects[^1]);
        Assert.All(state.Steps, step => Assert.True(step.Status.IsDone() && step.Status != StepStatus.Compensating));
        Assert.Empty(_ahead);
        if (state.Status is WorkflowStatus.Completed or WorkflowStatus.Failed)
            Assert.DoesNotContain(state.Steps, step => step.Status == StepStatus.Cancelled);
        if (state.Status != WorkflowStatus.Terminated)
            Assert.DoesNotContain(Enumerable.Range(0, plan.Count), place =>
                plan[place].When == TriggerRule.Always && state.Steps[place].Status is (StepStatus.Cancelled or StepStatus.Skipped));
        var failed = Enumerable
            .Range(0, plan.Count)
            .Where(place => state.Steps[place].Status == StepStatus.Failed && !IsHandled(state, place));
        Assert.Equal(_asked ?? (failed.Any() ? WorkflowStatus.Failed : WorkflowStatus.Completed), state.Status);
        Assert.Equal(state.Status == WorkflowStatus.Completed, state.Reason is null);
        if (state.Status is WorkflowStatus.Cancelled or WorkflowStatus.Terminated)
            Assert.NotEqual("lunch", state.Reason);
        _undoing.CheckEnd(state);
    }

    private bool IsHandled(WorkflowState state, int place) => plan.Dependents(place).ToArray()
        .Any(dependent => plan[dependent].When == TriggerRule.AnyFailed && CompensationRules.HasSucceeded(state.Steps[dependent].Status));
}
