using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Checks that succeeded steps are compensated in reverse order, one at a time, once each.</summary>
internal sealed class CompensationRules(WorkflowPlan plan)
{
    private readonly List<int> _succeeded = [];
    private readonly List<int> _compensated = [];

    public static bool HasSucceeded(StepStatus status) =>
        status is StepStatus.Succeeded or StepStatus.Compensating or StepStatus.Compensated or StepStatus.CompensationFailed;

    public void Note(WorkflowState before, WorkflowState after)
    {
        // The state defines the order of steps that succeed at the same event.
        foreach (
            var place in after.Completed.Where(place =>
                !HasSucceeded(before.Steps[place].Status) && HasSucceeded(after.Steps[place].Status)))
            _succeeded.Add(place);
        if (!_succeeded.SequenceEqual(after.Completed))
            Assert.Equal(_succeeded, after.Completed);
    }

    /// <summary>Starts a re-run, in which the kept steps may have to be compensated again.</summary>
    public void Forget(WorkflowState again)
    {
        _succeeded.Clear();
        _succeeded.AddRange(again.Completed);
        Assert.Distinct(_succeeded);
        _compensated.Clear();
    }

    public void Check(StepRun run, WorkflowState after)
    {
        Assert.Equal(run.IsCompensation, after.Status == WorkflowStatus.Compensating);
        if (!run.IsCompensation)
            return;
        var place = plan.Find(run.Step)!.Value;
        Assert.NotNull(plan[place].Compensate);
        Assert.Single(after.Steps, step => step.Status == StepStatus.Compensating);
        if (_compensated is [.., var last] && last == place)
            return;
        Assert.DoesNotContain(place, _compensated);
        Assert.Equal((1, 0), (run.Attempt, run.Deferrals));
        var order = _succeeded.IndexOf(place);
        Assert.True(order >= 0, "a step that did not succeed is compensated");
        Assert.All(_compensated, earlier =>
            Assert.True(_succeeded.IndexOf(earlier) > order, "an earlier step is compensated before a later one"));
        _compensated.Add(place);
    }

    public void CheckEnd(WorkflowState state)
    {
        if (state.Status is WorkflowStatus.Failed or WorkflowStatus.Cancelled)
            Assert.Equal(_succeeded.Where(place => plan[place].Compensate is not null).Reverse(), _compensated);
        if (state.Status == WorkflowStatus.Completed)
            Assert.Empty(_compensated);
        Assert.All(_compensated, place =>
            Assert.True(state.Steps[place].Status is StepStatus.Compensated or StepStatus.CompensationFailed));
    }
}
