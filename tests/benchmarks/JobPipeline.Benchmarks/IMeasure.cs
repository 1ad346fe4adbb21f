using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks;

/// <summary>A measurement of the pipeline compared with something else, in one run on one machine.</summary>
internal interface IMeasure
{
    string Title { get; }

    Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken);
}
