using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>Lists the jobs that have not ended, by the hour in their ids.</summary>
internal interface IOpenJobList
{
    /// <summary>Returns the hour of the oldest stored job; null if there is none.</summary>
    Task<DateTimeOffset?> FindOldestAsync(CancellationToken cancellationToken);

    /// <summary>Lists jobs of the hour that have not ended, in one request. A page may be empty without being the last.</summary>
    /// <param name="hour">The start of the hour, in UTC.</param>
    /// <param name="position">Where the previous page ended; null for the first page.</param>
    /// <param name="max">The maximum number of jobs to return.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<OpenJobPage> ListAsync(DateTimeOffset hour, string? position, int max, CancellationToken cancellationToken);
}

/// <summary>A page of open jobs.</summary>
/// <param name="Jobs">The jobs, in no particular order.</param>
/// <param name="Position">Where the next page starts; null on the last page of the hour.</param>
internal sealed record OpenJobPage(IReadOnlyList<JobSummary> Jobs, string? Position);
