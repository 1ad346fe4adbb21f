namespace JobPipeline.Instances;

/// <summary>Since when the oldest message of a queue has been waiting.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Since">The time.</param>
internal sealed record QueueWait(string Queue, DateTimeOffset Since);
