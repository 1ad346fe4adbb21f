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
        OrchestrationJson.Write(await instances.ExpandAsync(OrchestrationJson.Read<StepAttemptInput>(order), CancellationToken.None));

    [Function(Stop)]
    public Task StopAsync([ActivityTrigger] string order) =>
        steps.StopAsync(OrchestrationJson.Read<StepAttemptInput>(order), CancellationToken.None);

    [Function(PrepareChild)]
    public async Task<string> PrepareChildAsync([ActivityTrigger] string order) =>
        OrchestrationJson.Write(
            await instances.PrepareChildAsync(
                OrchestrationJson.Read<StepAttemptInput>(order), DurableWorkflows.ItemsPerSlice, CancellationToken.None));

    [Function(Take)]
    public Task TakeAsync([ActivityTrigger] string taken)
    {
        var takenEvent = OrchestrationJson.Read<TakenEvent>(taken);
        return instances.TakeAsync(
            takenEvent.Workflow, takenEvent.Instance, takenEvent.Effect, takenEvent.TraceParent, CancellationToken.None);
    }

    [Function(Save)]
    public Task SaveAsync([ActivityTrigger] string state) =>
        instances.SaveAsync(OrchestrationJson.Read<WorkflowState>(state), CancellationToken.None);

    /// <summary>
    /// Ends the workflow instance. Returns null, or the event for the machine if the instance has no output and has therefore
    /// failed.
    /// </summary>
    [Function(End)]
    public async Task<string> EndAsync([ActivityTrigger] string state) =>
        OrchestrationJson.Write(await instances.EndAsync(OrchestrationJson.Read<WorkflowState>(state), CancellationToken.None));
}

/// <summary>An event that a step has taken.</summary>
internal sealed record TakenEvent(string Instance, WorkflowEffect.TakeEvent Effect)
{
    /// <summary>The name of the workflow; empty if requested by an older release.</summary>
    public string Workflow { get; init; } = "";

    /// <inheritdoc cref="OrchestrationInput.TraceParent"/>
    public string? TraceParent { get; init; }
}
