using JobPipeline.Functions.StartUp;
using JobPipeline.Workflows.Activities;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>Runs the job of a step's attempt. An attempt that is told to wait answers when it wants to be called again.</summary>
public sealed class RunStepActivity(StepActivity steps, FunctionTime functionTime)
{
    public const string Name = "RunWorkflowStep";

    [Function(Name)]
    public async Task<string> RunAsync([ActivityTrigger] string order, CancellationToken stopping) =>
        Wire.Write(await steps.RunAsync(Wire.Read<StepOrder>(order), functionTime.EndOfOneThatStartsNow(), stopping));
}
