namespace JobPipeline.Limits.Meters;

/// <summary>An instance that holds slots of a gate. Only that instance changes its own entry; a lapsed entry counts no more.</summary>
/// <param name="Instance">The instance (<see cref="Configuration.WorkerIdentity"/>).</param>
/// <param name="Slots">How many slots it holds, used or not.</param>
/// <param name="Limit">The concurrency that this instance goes by; the lowest of all owners is in force.</param>
/// <param name="Until">The end of its lease.</param>
internal sealed record SlotOwner(string Instance, int Slots, int Limit, DateTimeOffset Until);
