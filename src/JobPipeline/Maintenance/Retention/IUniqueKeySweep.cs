namespace JobPipeline.Maintenance.Retention;

/// <summary>Removes expired unique keys. Keys have no day; they are stored in slices, of which each run sweeps a few.</summary>
internal interface IUniqueKeySweep
{
    /// <summary>The number of slices.</summary>
    int Slices { get; }

    /// <summary>Removes the keys of a slice that have expired and not changed since, and returns their number.</summary>
    Task<int> SweepAsync(int slice, DateTimeOffset now, int max, CancellationToken cancellationToken);
}
