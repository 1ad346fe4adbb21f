using JobPipeline.Jobs;

namespace JobPipeline.Testing;

/// <summary>Lists the records of an <see cref="InMemoryJobStore"/>.</summary>
internal sealed class InMemoryJobList(InMemoryJobStore store) : IJobList
{
    private const int MaxChildren = 1000;

    public Task<JobPage> ListAsync(JobFilter filter, JobId? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IJobList.MaxLimit);
        var (oldest, end) = (JobId.First(filter.From), JobId.First(filter.To));
        var matches = store.Records.Where(record => record.Id >= oldest && record.Id < end && (before is null || record.Id < before))
            .Select(JobSummary.Of)
            .Where(filter.Matches)
            .OrderByDescending(job => job.Id)
            .Take(limit + 1)
            .ToList();
        var page = matches.Take(limit).ToList();
        return Task.FromResult(new JobPage(page, matches.Count > limit ? page[^1].Id : null));
    }

    public Task<IReadOnlyList<JobSummary>> ListChildrenAsync(JobId parent, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxChildren);
        return Task.FromResult<IReadOnlyList<JobSummary>>(
            [
                .. store.Records
                    .Where(record => record.Spec.Parent == parent)
                    .Select(JobSummary.Of)
                    .OrderBy(child => child.EnqueuedAt).ThenBy(child => child.Id)
                    .Take(max),
            ]);
    }
}
