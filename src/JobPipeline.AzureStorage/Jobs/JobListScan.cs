using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// One call of a list. Reads back in time in windows of whole hours: a window whose matches fit one response is read in one
/// request and sorted, and the next window is twice as wide, so that empty periods cost little; a window with more matches is
/// halved. A single hour that still holds more is merged from its 16 slices.
/// </summary>
internal sealed class JobListScan(JobListQuery query, int limit)
{
    /// <summary>
    /// The maximum number of requests per call. A merge needs two requests a slice before it is certain to advance, so it starts
    /// only while that many are left; a merge at the start of a call always has them.
    /// </summary>
    public const int MaxRequests = 64;

    /// <summary>The maximum number of rows in a response; the service's own limit is 1,000.</summary>
    public const int PageRows = 500;
    private const int MaxHours = 24 * 7;
    private const int RequestsOfAMerge = 2 * JobId.Slices;

    private readonly JobId _oldest = JobId.First(query.Filter.From);
    private readonly List<JobSummary> _found = [];
    private int _widest = MaxHours;
    private int _hours = 1;

    public async Task<JobPage> RunAsync(JobId? before, CancellationToken cancellationToken)
    {
        var end = JobId.First(query.Filter.To);
        var bound = before is { } id && id < end ? id : end;
        while (bound > _oldest && _found.Count < limit && query.Requests < MaxRequests)
        {
            var window = HourWindow.Before(bound, _hours, query.Filter.From);
            var rows = await query.ReadAsync(window.Keys(bound, _oldest), isFiltered: true, PageRows, cancellationToken);
            if (rows.IsAll)
            {
                bound = Take(rows.Jobs) ?? JobId.First(window.First);
                _hours = Math.Min(_hours * 2, _widest);
            }
            else if (window.Hours > 1)
            {
                _hours = _widest = window.Hours / 2;
            }
            else if (MaxRequests - query.Requests < RequestsOfAMerge)
            {
                break;
            }
            else
            {
                bound = await MergeAsync(window, bound, cancellationToken);
                _hours = 1;
            }
        }

        return new JobPage(_found, bound > _oldest ? bound : null);
    }

    /// <summary>Takes matches until the page is full. Returns the last one taken when rows are left over, else null.</summary>
    private JobId? Take(IReadOnlyList<JobSummary> rows)
    {
        var matches = rows.Where(query.Filter.Matches).OrderByDescending(job => job.Id).ToList();
        var room = limit - _found.Count;
        _found.AddRange(matches.Take(room));
        return matches.Count > room ? _found[^1].Id : null;
    }

    private async Task<JobId> MergeAsync(HourWindow hour, JobId bound, CancellationToken cancellationToken)
    {
        var merge = new SliceMerge(query, hour.First, bound, _oldest, limit - _found.Count);
        var reached = await merge.RunAsync(MaxRequests, cancellationToken);
        _found.AddRange(merge.Found);
        return reached ?? JobId.First(hour.First);
    }
}
