using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// One call of a list. Goes back in time by windows of whole hours: a window whose matches fit one answer is read in one
/// request and sorted, and the next is twice as wide, so that empty times cost little; one with more is halved. An hour
/// that still holds more is merged from its 16 slices.
/// </summary>
internal sealed class JobListScan(JobListQuery query, int limit)
{
    /// <summary>
    /// Most requests of one call. A merge takes two a slice before it can be sure to come further, so it starts only where
    /// they are left; one that starts a call always has them.
    /// </summary>
    public const int MaxRequests = 64;

    /// <summary>Most rows of one answer; the service's own limit is 1,000.</summary>
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

    /// <summary>The last one taken, where the page is full before the rows are used up; null: they are.</summary>
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
