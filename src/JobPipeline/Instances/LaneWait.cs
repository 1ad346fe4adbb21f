namespace JobPipeline.Instances;

/// <summary>Since when the oldest message of a lane has waited.</summary>
public sealed record LaneWait(string Lane, DateTimeOffset Since);
