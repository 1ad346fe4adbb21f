using JobPipeline.Functions.StartUp;
using JobPipeline.Workflows.Activities;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>Runs the job of a step attempt. If the attempt is deferred, the result states when to call it again.</summary>
public sealed class RunStepActivity(StepActivity steps, FunctionTime functionTime)
{
    public const string Name = "RunWorkflowStep";

    [Function(Name)]
    public async Task<string> RunAsync([ActivityTrigger] string order, CancellationToken stopping) =>
        OrchestrationJson.Write(
            await steps.RunAsync(OrchestrationJson.Read<StepAttemptInput>(order), functionTime.EndOfOneThatStartsNow(), stopping));
}
