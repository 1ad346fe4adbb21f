using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Reads summaries for one call of a list, one page per request, and counts the requests.</summary>
internal sealed class JobListQuery(TableClient table, JobFilter filter)
{
    private readonly string _byColumns = string.Concat(
        filter.State is { } state ? " and " + TableClient.CreateQueryFilter($"State eq {state.ToString()}") : "",
        filter.Type is { } type ? " and " + TableClient.CreateQueryFilter($"Type eq {type}") : "");

    private int _requests;

    public JobFilter Filter => filter;

    public int Requests => _requests;

    /// <summary>Reads a page of the records in a range of keys.</summary>
    /// <param name="keys">A filter on the keys.</param>
    /// <param name="isFiltered">Whether to filter by columns too.</param>
    /// <param name="max">The maximum number of rows.</param>
    /// <param name="cancellationToken">The token to cancel the request.</param>
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

/// <summary>The rows of one response.</summary>
/// <param name="Jobs">The jobs in the order of their keys.</param>
/// <param name="IsAll">Whether the range holds no more rows. The service may stop anywhere, even before the first row.</param>
internal readonly record struct JobListRows(IReadOnlyList<JobSummary> Jobs, bool IsAll);
