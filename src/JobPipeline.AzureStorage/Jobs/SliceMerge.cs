using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Lists the jobs of one hour in the order of their ids by merging its 16 sorted slices.</summary>
internal sealed class SliceMerge(JobListQuery query, DateTimeOffset hour, JobId bound, JobId oldest, int limit)
{
    private readonly SliceReader[] _slices =
        [
            .. Enumerable.Range(0, JobId.Slices).Select(
                slice => new SliceReader(query, JobRows.Partition(hour, slice), bound, oldest, limit)),
        ];

    public List<JobSummary> Found { get; } = [];

    /// <summary>Returns the last job that was read, so that the rest is older, or null when the hour is complete.</summary>
    public async Task<JobId?> RunAsync(int maxRequests, CancellationToken cancellationToken)
    {
        var reached = bound;
        while (Found.Count < limit)
        {
            var waiting = _slices.Where(slice => slice.MustRead).ToList();
            if (waiting.Count > 0)
            {
                if (query.Requests + waiting.Count > maxRequests)
                    return reached;
                await Task.WhenAll(waiting.Select(slice => slice.ReadAsync(cancellationToken)));
                continue;
            }

            var newest = _slices.Where(slice => slice.Head is not null).MaxBy(slice => slice.Head!.Id);
            if (newest is null)
                return null;
            var job = newest.Take();
            reached = job.Id;
            if (query.Filter.Matches(job))
                Found.Add(job);
        }

        return reached;
    }
}
