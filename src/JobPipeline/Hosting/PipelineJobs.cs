using JobPipeline.Failures.Groups;

namespace JobPipeline.Hosting;

/// <summary>The jobs that the pipeline itself brings along.</summary>
internal static class PipelineJobs
{
    public static IReadOnlyList<Type> Handlers { get; } =
    [
        typeof(ErrorRecountJob),
    ];
}
