namespace JobPipeline.Benchmarks.Report;

/// <summary>One line of the report.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Ours">The pipeline's figure.</param>
/// <param name="Beside">The figure of what ran beside it.</param>
/// <param name="Ratio">The two as a ratio.</param>
/// <param name="Target">What docs call fast; null when there is no target.</param>
/// <param name="IsMet">Whether the target is met.</param>
internal sealed record Finding(string Measure, string Ours, string Beside, string Ratio, string? Target = null, bool IsMet = false);
