using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Machine;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>What else an orchestration has done for it. Once begun it is finished, whatever the host does meanwhile.</summary>
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
        var happened = Wire.Read<TakenEvent>(taken);
        return instances.TakeAsync(happened.Workflow, happened.Instance, happened.Effect, happened.TraceParent, CancellationToken.None);
    }

    [Function(Save)]
    public Task SaveAsync([ActivityTrigger] string state) => instances.SaveAsync(Wire.Read<WorkflowState>(state), CancellationToken.None);

    /// <summary>The event that the machine is told: the instance has no output, and so has failed. Null: it has ended.</summary>
    [Function(End)]
    public async Task<string> EndAsync([ActivityTrigger] string state) =>
        Wire.Write(await instances.EndAsync(Wire.Read<WorkflowState>(state), CancellationToken.None));
}

/// <summary>An event that a step has taken.</summary>
internal sealed record TakenEvent(string Instance, WorkflowEffect.TakeEvent Effect)
{
    /// <summary>The workflow's name; empty where an older release has asked for it.</summary>
    public string Workflow { get; init; } = "";

    /// <inheritdoc cref="Passage.TraceParent"/>
    public string? TraceParent { get; init; }
}
