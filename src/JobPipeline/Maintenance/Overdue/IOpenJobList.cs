using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>Finds the jobs that have not ended, by the hour in their ids.</summary>
public interface IOpenJobList
{
    /// <summary>The hour of the oldest job on record; null when there is none.</summary>
    Task<DateTimeOffset?> FindOldestAsync(CancellationToken cancellationToken);

    /// <summary>Some of the hour's jobs that have not ended: one request. It may find none and yet not be through.</summary>
    /// <param name="hour">The start of the hour, by UTC.</param>
    /// <param name="position">Where the request before ended; null to begin.</param>
    /// <param name="max">Most jobs to return.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<OpenJobPage> ListAsync(DateTimeOffset hour, string? position, int max, CancellationToken cancellationToken);
}

/// <param name="Jobs">In no order.</param>
/// <param name="Position">Where to go on; null when the hour is through.</param>
public sealed record OpenJobPage(IReadOnlyList<JobSummary> Jobs, string? Position);
