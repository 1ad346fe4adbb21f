using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Functions.Tests.Workflows;

public sealed class LocalWorkflowScenarios(SharedAzurite azurite) : WorkflowScenarios
{
    private protected override Task<WorkflowStage> StartStageAsync(params string[] definitions) =>
        LocalStage.StartAsync(azurite, definitions);
}
