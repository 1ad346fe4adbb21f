using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>Undone is what succeeded, the last first, one at a time, each once.</summary>
internal sealed class CompensationRules(WorkflowPlan plan)
{
    private readonly List<int> _succeeded = [];
    private readonly List<int> _undone = [];

    public static bool HasSucceeded(StepStatus status) =>
        status is StepStatus.Succeeded or StepStatus.Compensating or StepStatus.Compensated or StepStatus.CompensationFailed;

    public void Note(WorkflowState before, WorkflowState after)
    {
        // Steps that succeed at one event do so in an order that the state alone tells.
        foreach (
            var place in after.Completed.Where(place =>
                !HasSucceeded(before.Steps[place].Status) && HasSucceeded(after.Steps[place].Status)))
            _succeeded.Add(place);
        if (!_succeeded.SequenceEqual(after.Completed))
            Assert.Equal(_succeeded, after.Completed);
    }

    /// <summary>The instance is run again: what it keeps may have to be undone once more.</summary>
    public void Forget(WorkflowState again)
    {
        _succeeded.Clear();
        _succeeded.AddRange(again.Completed);
        Assert.Distinct(_succeeded);
        _undone.Clear();
    }

    public void Check(StepRun run, WorkflowState after)
    {
        Assert.Equal(run.IsCompensation, after.Status == WorkflowStatus.Compensating);
        if (!run.IsCompensation)
            return;
        var place = plan.Find(run.Step)!.Value;
        Assert.NotNull(plan[place].Compensate);
        Assert.Single(after.Steps, step => step.Status == StepStatus.Compensating);
        if (_undone is [.., var last] && last == place)
            return;
        Assert.DoesNotContain(place, _undone);
        Assert.Equal((1, 0), (run.Attempt, run.Deferrals));
        var order = _succeeded.IndexOf(place);
        Assert.True(order >= 0, "what did not succeed is undone");
        Assert.All(_undone, earlier => Assert.True(_succeeded.IndexOf(earlier) > order, "an earlier step is undone before a later one"));
        _undone.Add(place);
    }

    public void CheckEnd(WorkflowState state)
    {
        if (state.Status is WorkflowStatus.Failed or WorkflowStatus.Cancelled)
            Assert.Equal(_succeeded.Where(place => plan[place].Compensate is not null).Reverse(), _undone);
        if (state.Status == WorkflowStatus.Completed)
            Assert.Empty(_undone);
        Assert.All(_undone, place => Assert.True(state.Steps[place].Status is StepStatus.Compensated or StepStatus.CompensationFailed));
    }
}
