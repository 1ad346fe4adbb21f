using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Failures.Replays;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Hosting;

/// <summary>The handlers that the pipeline brings along itself.</summary>
internal static class PipelineJobs
{
    public static IReadOnlyList<Type> Handlers { get; } = [typeof(BulkReplayJob), typeof(ErrorRecountJob), typeof(WorkflowStartJob)];
}
