using JobPipeline.Failures.Groups;
using JobPipeline.Failures.Replaying;
using JobPipeline.Workflows.Running;

namespace JobPipeline.Hosting;

/// <summary>The handlers that the pipeline brings along itself.</summary>
internal static class PipelineJobs
{
    public static IReadOnlyList<Type> Handlers { get; } = [typeof(BulkReplayJob), typeof(ErrorRecountJob), typeof(WorkflowStartJob)];
}
