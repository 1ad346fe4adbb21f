using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>The jobs of one hour in the order of their ids: its 16 slices, each in order by itself, merged.</summary>
internal sealed class SliceMerge(JobListQuery query, DateTimeOffset hour, JobId bound, JobId oldest, int limit)
{
    private readonly SliceReader[] _slices =
        [.. Enumerable.Range(0, JobId.Slices).Select(slice => new SliceReader(query, JobRows.Partition(hour, slice), bound, oldest, limit))];

    public List<JobSummary> Found { get; } = [];

    /// <summary>The last job that was looked at: the rest is older. Null: the hour is done.</summary>
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
