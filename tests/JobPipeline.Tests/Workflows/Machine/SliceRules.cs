using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>
/// Checks that slices have no gaps, that running slices share the limit of parallel items, and that none starts after a failed one.
/// </summary>
internal sealed class SliceRules(WorkflowPlan plan)
{
    private readonly Dictionary<StepRun, int> _shares = [];
    private readonly Dictionary<string, int> _started = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    public void Check(WorkflowEffect.RunSlice slice, WorkflowState after)
    {
        var step = slice.Attempt.Step;
        var place = plan.Find(step)!.Value;
        Assert.Equal(_started.GetValueOrDefault(step), slice.Attempt.Item);
        Assert.InRange(slice.Count, 1, after.ItemsPerSlice);
        Assert.True(after.Steps[place].Items > after.ItemsPerSlice, "a small fan-out is run in slices");
        _started[step] = slice.Attempt.Item!.Value + slice.Count;
        Assert.InRange(_started[step], 1, after.Steps[place].Items);
        Assert.True(slice.MaxParallel > 0);
        _shares[slice.Attempt] = slice.MaxParallel;
        Assert.InRange(
            _shares.Where(open => open.Key.Step == step).Sum(open => open.Value),
            1,
            ((ForEachAction)plan[place].Action).MaxParallel);
        Assert.DoesNotContain(step, _failed);
    }

    public void Note(WorkflowState before, WorkflowEvent.SliceEnded ended)
    {
        if (_shares.Remove(ended.Run) && ended.Error is not null && before.Status == WorkflowStatus.Running)
            _failed.Add(ended.Run.Step);
    }

    /// <summary>Starts a re-run.</summary>
    public void Forget()
    {
        _shares.Clear();
        _started.Clear();
        _failed.Clear();
    }
}
