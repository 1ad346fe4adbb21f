using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Functions.Tests.Workflows;

public sealed class DurableWorkflowScenarios(SharedAzurite azurite) : WorkflowScenarios
{
    private protected override Task<WorkflowStage> StartStageAsync(params string[] definitions) => DurableStage.StartAsync(azurite, definitions);
}
