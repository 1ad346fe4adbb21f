namespace JobPipeline.Jobs;

/// <summary>How far a handler has come.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; null when unknown.</param>
/// <param name="Note">A word for people.</param>
public sealed record JobProgress(long Done, long? Total, string? Note);
