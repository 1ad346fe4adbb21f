using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Failures.Replays;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Hosting;

/// <summary>The built-in handlers of the core.</summary>
internal static class PipelineJobs
{
    public static IReadOnlyList<Type> Handlers { get; } = [typeof(BulkReplayJob), typeof(ErrorRecountJob), typeof(WorkflowStartJob)];
}
