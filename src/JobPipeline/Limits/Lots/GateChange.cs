using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Lots;

/// <summary>A change of a gate: the meter and rows of its lot, in one transaction, under the versions that were read.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Meter">The new meter, with the version that was read; without one it is inserted.</param>
internal sealed record GateChange(GateId Gate, Meter Meter)
{
    /// <summary>The maximum number of rows besides the meter and the lot's own: a transaction has a hundred.</summary>
    public const int MaxRows = 98;

    /// <summary>Rows to insert.</summary>
    public IReadOnlyList<ParkedJob> Added { get; init; } = [];

    /// <summary>Rows to overwrite.</summary>
    public IReadOnlyList<ParkedJob> Changed { get; init; } = [];

    /// <summary>Rows to delete.</summary>
    public IReadOnlyList<ParkedJob> Removed { get; init; } = [];

    /// <summary>Whether the lot is opened: refused if it exists.</summary>
    public bool OpensLot { get; init; }

    /// <summary>The version of the lot to close; null to leave it. Refused if a job was parked since it was read.</summary>
    public string? ClosesLot { get; init; }

    /// <summary>Whether the row of the meter is removed instead of written.</summary>
    public bool RemovesMeter { get; init; }
}

/// <summary>The versions after a change.</summary>
/// <param name="Meter">The meter as it is stored now.</param>
/// <param name="Changed">The rows that were overwritten or inserted, as they are stored now: first those overwritten.</param>
internal sealed record GateWrite(Meter Meter, IReadOnlyList<ParkedJob> Changed);
