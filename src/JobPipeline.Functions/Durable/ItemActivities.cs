using JobPipeline.Functions.StartUp;
using JobPipeline.Workflows.Activities;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>Runs and stops items of a fan-out, many in one activity.</summary>
public sealed class ItemActivities(StepPackActivity packs, FunctionTime functionTime)
{
    public const string Run = "RunWorkflowItems";
    public const string Stop = "StopWorkflowItems";

    /// <summary>Runs a pack of items. Returns an event for each of them.</summary>
    [Function(Run)]
    public async Task<string> RunAsync([ActivityTrigger] string order, CancellationToken stopping) =>
        OrchestrationJson.Write(
            await packs.RunAsync(OrchestrationJson.Read<StepPackInput>(order), functionTime.EndOfOneThatStartsNow(), stopping));

    [Function(Stop)]
    public Task StopAsync([ActivityTrigger] string order) =>
        packs.StopAsync(OrchestrationJson.Read<StepPackInput>(order), CancellationToken.None);
}
