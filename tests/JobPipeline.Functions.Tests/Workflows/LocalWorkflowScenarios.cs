using JobPipeline.Functions.Tests.Workflows.Stage;

namespace JobPipeline.Functions.Tests.Workflows;

[Slow]
public sealed class LocalWorkflowScenarios(SharedAzurite azurite) : WorkflowScenarios
{
    private protected override Task<WorkflowStage> StartStageAsync(params string[] definitions) =>
        LocalStage.StartAsync(azurite, definitions);
}
