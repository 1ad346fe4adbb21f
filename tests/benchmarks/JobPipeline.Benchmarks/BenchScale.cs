namespace JobPipeline.Benchmarks;

/// <summary>How much a run measures: everything, or a quick look with fewer rounds and smaller sizes.</summary>
/// <param name="IsQuick">Whether the run is the quick one.</param>
internal sealed record BenchScale(bool IsQuick)
{
    /// <summary>Returns the value for this scale.</summary>
    public T Of<T>(T full, T quick) => IsQuick ? quick : full;
}
