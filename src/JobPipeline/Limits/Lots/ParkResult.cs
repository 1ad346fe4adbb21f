namespace JobPipeline.Limits.Lots;

/// <summary>The result of an attempt to park jobs in an open lot.</summary>
internal enum ParkResult
{
    /// <summary>All have a row now.</summary>
    Parked,

    /// <summary>At least one has a row already; nothing was written.</summary>
    Exists,

    /// <summary>The lot was closed meanwhile: ask the gate again.</summary>
    NoLot,
}
