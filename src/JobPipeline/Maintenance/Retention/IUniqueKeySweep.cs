namespace JobPipeline.Maintenance.Retention;

/// <summary>Removes unique keys that have expired. They know no day; they lie in slices, of which each run takes a few.</summary>
public interface IUniqueKeySweep
{
    /// <summary>How many slices there are.</summary>
    int Slices { get; }

    /// <summary>Removes the keys of a slice that have expired and are unchanged since; returns how many.</summary>
    Task<int> SweepAsync(int slice, DateTimeOffset now, int max, CancellationToken cancellationToken);
}
