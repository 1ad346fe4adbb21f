using JobPipeline.Functions.StartUp;
using JobPipeline.Workflows.Activities;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>Runs and stops strands: quick steps one after the other, in one activity.</summary>
public sealed class StrandActivities(StrandActivity strands, FunctionTime functionTime)
{
    public const string Run = "RunWorkflowStrand";
    public const string Stop = "StopWorkflowStrand";

    /// <summary>Runs a strand. Returns the endings of its steps, or when to ask again.</summary>
    [Function(Run)]
    public async Task<string> RunAsync([ActivityTrigger] string order, CancellationToken stopping) =>
        OrchestrationJson.Write(
            await strands.RunAsync(OrchestrationJson.Read<StrandInput>(order), functionTime.EndOfOneThatStartsNow(), stopping));

    [Function(Stop)]
    public Task StopAsync([ActivityTrigger] string order) => strands.StopAsync(OrchestrationJson.Read<StrandInput>(order));
}
