namespace JobPipeline.Instances;

/// <summary>When an instance ran, and whether it has a handler for a job type.</summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="SeenUntil">The present for an instance that is living, else its last heartbeat.</param>
/// <param name="IsLiving">It has not stopped, and its heartbeats are not overdue.</param>
/// <param name="KnowsType">Null: its release does not list its job types, so it may have a handler.</param>
internal readonly record struct InstanceSpan(DateTimeOffset StartedAt, DateTimeOffset SeenUntil, bool IsLiving, bool? KnowsType);
