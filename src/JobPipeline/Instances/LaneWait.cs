namespace JobPipeline.Instances;

/// <summary>Since when the oldest message of a queue has been waiting.</summary>
/// <param name="Lane">The queue.</param>
/// <param name="Since">The time.</param>
internal sealed record LaneWait(string Lane, DateTimeOffset Since);
