using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Reads summaries for one call of a list, a page a request, and counts the requests.</summary>
internal sealed class JobListQuery(TableClient table, JobFilter filter)
{
    private readonly string _byColumns = string.Concat(
        filter.State is { } state ? " and " + TableClient.CreateQueryFilter($"State eq {state.ToString()}") : "",
        filter.Type is { } type ? " and " + TableClient.CreateQueryFilter($"Type eq {type}") : "");

    private int _requests;

    public JobFilter Filter => filter;

    public int Requests => _requests;

    /// <summary>A page of the records whose keys lie in the range.</summary>
    /// <param name="keys">A filter on the keys.</param>
    /// <param name="isFiltered">False: whatever their columns hold.</param>
    /// <param name="max">Most rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JobListRows> ReadAsync(string keys, bool isFiltered, int max, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        var rows = table.QueryAsync<TableEntity>(
            $"{keys} and {RecordEntity.RecordsOnly}{(isFiltered ? _byColumns : "")}", max, RecordEntity.SummaryColumns, cancellationToken);
        await foreach (var page in rows.AsPages(pageSizeHint: max))
            return new JobListRows([.. page.Values.Select(RecordEntity.ToSummary)], page.ContinuationToken is null);
        return new JobListRows([], IsAll: true);
    }
}

/// <summary>The rows of one answer.</summary>
/// <param name="Jobs">In the order of their keys.</param>
/// <param name="IsAll">False: there may be more in the range. The service may stop anywhere, even before the first row.</param>
internal readonly record struct JobListRows(IReadOnlyList<JobSummary> Jobs, bool IsAll);
