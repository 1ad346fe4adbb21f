using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Runs every workflow instance, child and slice of a fan-out as a Durable orchestration. The workflow machine alone decides
/// the next step; this code is replayed from history repeatedly and awaits only tasks of its context.
/// </summary>
public static class WorkflowOrchestrator
{
    /// <summary>The name of the orchestration.</summary>
    public const string Name = "Workflow";

    [Function(Name)]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        OrchestrationJson.Write(
            await Interpreters.RunAsync(context, OrchestrationJson.Read<OrchestrationInput>(context.GetInput<string>() ?? "")));
}
