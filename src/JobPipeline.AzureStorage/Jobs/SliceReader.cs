using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Reads the jobs of one partition, newest first. The service filters by columns. When a response stops before it found a row,
/// its position is unknown, so the following requests read without the column filter, where each response advances.
/// </summary>
internal sealed class SliceReader(JobListQuery query, string partition, JobId bound, JobId oldest, int limit)
{
    private readonly Queue<JobSummary> _rows = new();
    private JobId _after = bound;
    private bool _isFiltered = true;
    private bool _isDone;

    public JobSummary? Head => _rows.TryPeek(out var row) ? row : null;

    /// <summary>Whether the next job is unknown until another page is read.</summary>
    public bool MustRead => _rows.Count == 0 && !_isDone;

    public JobSummary Take() => _rows.Dequeue();

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var keys = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {JobRows.Record(_after)} and RowKey le {JobRows.Record(oldest)}");
        // A tag filter is applied here, and so are all filters when the service's is off: many rows may be skipped.
        var max = _isFiltered && query.Filter.Tag is null ? limit : JobListScan.PageRows;
        var page = await query.ReadAsync(keys, _isFiltered, max, cancellationToken);
        _isDone = page.IsAll;
        if (page.Jobs.Count == 0)
        {
            _isFiltered = false;
            return;
        }

        _after = page.Jobs[^1].Id;
        foreach (var job in page.Jobs)
            _rows.Enqueue(job);
    }
}
