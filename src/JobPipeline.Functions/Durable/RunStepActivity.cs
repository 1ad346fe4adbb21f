using JobPipeline.Functions.Queues;
using JobPipeline.Functions.StartUp;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Machine;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Durable;

/// <summary>Runs the job of a step attempt. If the attempt is deferred, the result states when to call it again.</summary>
public sealed class RunStepActivity(StepActivity steps, FunctionTime functionTime, FunctionSlots slots)
{
    public const string Name = "RunWorkflowStep";

    /// <summary>The time that a step without a time limit of its own may take.</summary>
    private static readonly TimeSpan DefaultTime = TimeSpan.FromMinutes(5);

    [Function(Name)]
    public async Task<string> RunAsync([ActivityTrigger] string order, CancellationToken stopping)
    {
        var step = OrchestrationJson.Read<StepAttemptInput>(order);
        var endBy = functionTime.EndOfOneThatStartsNow();
        return OrchestrationJson.Write(
            await slots.RunAsync(
                step.Id.ToString(),
                () => step.Timeout ?? DefaultTime,
                endBy,
                () => steps.RunAsync(step, endBy, stopping),
                until => Task.FromResult<WorkflowEvent>(new WorkflowEvent.Deferred(step.Run, until)),
                stopping));
    }
}
