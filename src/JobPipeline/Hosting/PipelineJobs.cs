using JobPipeline.Failures.Groups;
using JobPipeline.Failures.Replaying;
using JobPipeline.Workflows.Running;

namespace JobPipeline.Hosting;

/// <summary>The built-in handlers of the core.</summary>
internal static class PipelineJobs
{
    public static IReadOnlyList<Type> Handlers { get; } = [typeof(BulkReplayJob), typeof(ErrorRecountJob), typeof(WorkflowStartJob)];
}
