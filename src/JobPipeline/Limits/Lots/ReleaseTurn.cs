namespace JobPipeline.Limits.Lots;

/// <summary>Who runs a release turn, and when.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="InUse">The slots that it uses; it returns the others with the turn.</param>
/// <param name="Now">The time of the turn.</param>
/// <param name="Lease">The lease of its slots.</param>
/// <param name="MaxRows">The maximum number of rows that the turn changes.</param>
internal readonly record struct ReleaseTurn(
    string Instance, int InUse, DateTimeOffset Now, TimeSpan Lease, int MaxRows = GateChange.MaxRows);
