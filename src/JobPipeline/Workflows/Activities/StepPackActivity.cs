using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Runs a pack of items for an interpreter that awaits the results: one item after the other, each by <see cref="StepActivity"/>
/// with a claim, a record and an outcome of its own. It decides nothing that the workflow machine decides: it ends at the first item
/// that does not succeed, and hands back the items that it has not started.
/// </summary>
public sealed class StepPackActivity
{
    private readonly StepActivity _steps;
    private readonly IWorkflowData _data;
    private readonly TimeProvider _time;

    internal StepPackActivity(StepActivity steps, IWorkflowData data, TimeProvider time) => (_steps, _data, _time) = (steps, data, time);

    /// <summary>Runs the items (idempotent) and returns an event for each of them.</summary>
    /// <inheritdoc cref="StepActivity.RunAsync" path="/param"/>
    /// <inheritdoc cref="StepActivity.RunAsync" path="/exception"/>
    internal async Task<IReadOnlyList<WorkflowEvent>> RunAsync(StepPackInput order, DateTimeOffset? endBy, CancellationToken stopping)
    {
        await using var values = new PackValues(_data, order);
        var steps = _steps.With(values);
        var began = _time.GetTimestamp();
        var events = new List<WorkflowEvent>(order.Items.Count);
        var isOver = false;
        foreach (var one in order.Orders)
        {
            isOver |= stopping.IsCancellationRequested || _time.GetElapsedTime(began) > PackRules.MaxTime;
            var happened = isOver ? steps.HandBack(one) : await steps.RunAsync(one, endBy, stopping);
            isOver |= happened is not WorkflowEvent.Succeeded;
            events.Add(happened);
        }

        await values.FlushAsync();
        return events;
    }

    /// <summary>Stops items (<see cref="StepActivity.StopAsync"/>).</summary>
    /// <inheritdoc cref="StepActivity.StopAsync" path="/exception"/>
    internal async Task StopAsync(StepPackInput order, CancellationToken cancellationToken)
    {
        foreach (var one in order.Orders)
            await _steps.StopAsync(one, cancellationToken);
    }
}
