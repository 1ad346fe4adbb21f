using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Machine;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>The other activities of workflow orchestrations. Once started they run to completion, even if the host is stopping.</summary>
public sealed class InstanceActivities(StepActivity steps, InstanceActivity instances)
{
    public const string Expand = "ExpandWorkflowItems";
    public const string Stop = "StopWorkflowStep";
    public const string PrepareChild = "PrepareChildWorkflow";
    public const string Take = "TakeWorkflowEvent";
    public const string Save = "SaveWorkflow";
    public const string End = "EndWorkflow";

    [Function(Expand)]
    public async Task<string> ExpandAsync([ActivityTrigger] string order) =>
        Wire.Write(await instances.ExpandAsync(Wire.Read<StepOrder>(order), CancellationToken.None));

    [Function(Stop)]
    public Task StopAsync([ActivityTrigger] string order) => steps.StopAsync(Wire.Read<StepOrder>(order), CancellationToken.None);

    [Function(PrepareChild)]
    public async Task<string> PrepareChildAsync([ActivityTrigger] string order) =>
        Wire.Write(await instances.PrepareChildAsync(Wire.Read<StepOrder>(order), DurableWorkflows.ItemsPerSlice, CancellationToken.None));

    [Function(Take)]
    public Task TakeAsync([ActivityTrigger] string taken)
    {
        var takenEvent = Wire.Read<TakenEvent>(taken);
        return instances.TakeAsync(
            takenEvent.Workflow, takenEvent.Instance, takenEvent.Effect, takenEvent.TraceParent, CancellationToken.None);
    }

    [Function(Save)]
    public Task SaveAsync([ActivityTrigger] string state) => instances.SaveAsync(Wire.Read<WorkflowState>(state), CancellationToken.None);

    /// <summary>
    /// Ends the workflow instance. Returns null, or the event for the machine if the instance has no output and has therefore
    /// failed.
    /// </summary>
    [Function(End)]
    public async Task<string> EndAsync([ActivityTrigger] string state) =>
        Wire.Write(await instances.EndAsync(Wire.Read<WorkflowState>(state), CancellationToken.None));
}

/// <summary>An event that a step has taken.</summary>
internal sealed record TakenEvent(string Instance, WorkflowEffect.TakeEvent Effect)
{
    /// <summary>The name of the workflow; empty if requested by an older release.</summary>
    public string Workflow { get; init; } = "";

    /// <inheritdoc cref="Passage.TraceParent"/>
    public string? TraceParent { get; init; }
}
