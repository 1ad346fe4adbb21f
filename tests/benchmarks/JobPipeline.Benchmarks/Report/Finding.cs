namespace JobPipeline.Benchmarks.Report;

/// <summary>One line of the report.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Ours">The pipeline's figure.</param>
/// <param name="Beside">The figure of the comparison.</param>
/// <param name="Ratio">The ratio of the two.</param>
/// <param name="Target">The documented target, or null.</param>
/// <param name="IsMet">Whether the target is met.</param>
internal sealed record Finding(string Measure, string Ours, string Beside, string Ratio, string? Target = null, bool IsMet = false);
