namespace JobPipeline.Jobs;

/// <summary>The progress of a handler.</summary>
/// <param name="Done">The number of completed units.</param>
/// <param name="Total">The total number of units; null when unknown.</param>
/// <param name="Note">A human-readable note.</param>
public sealed record JobProgress(long Done, long? Total, string? Note);
