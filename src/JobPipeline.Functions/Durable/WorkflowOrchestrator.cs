using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Runs every workflow, child and slice of a fan-out as a Durable orchestration. What happens next is decided by the
/// machine alone; this is replayed from history again and again, and awaits nothing but tasks of its context.
/// </summary>
public static class WorkflowOrchestrator
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "Workflow";

    [Function(Name)]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Wire.Write(await new Interpreter(context, Wire.Read<Passage>(context.GetInput<string>() ?? "")).RunAsync());
}
