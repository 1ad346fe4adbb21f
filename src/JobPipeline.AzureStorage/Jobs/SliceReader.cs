using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// The jobs of one partition, newest first. The service filters by columns; where it stops before it found any row, what it
/// had passed over is not told, so from there on the rows are read as they are: each answer comes further then.
/// </summary>
internal sealed class SliceReader(JobListQuery query, string partition, JobId bound, JobId oldest, int limit)
{
    private readonly Queue<JobSummary> _rows = new();
    private JobId _after = bound;
    private bool _isFiltered = true;
    private bool _isDone;

    public JobSummary? Head => _rows.TryPeek(out var row) ? row : null;

    /// <summary>True while it is not known what comes next.</summary>
    public bool MustRead => _rows.Count == 0 && !_isDone;

    public JobSummary Take() => _rows.Dequeue();

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var keys = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {JobRows.Record(_after)} and RowKey le {JobRows.Record(oldest)}");
        // With tags, which only we can filter by, and without the service's filter, many rows may have to be passed over.
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
