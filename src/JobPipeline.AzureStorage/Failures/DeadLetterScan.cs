using Azure.Data.Tables;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>
/// One call of a list: reads the rest of a day, then the days before it, one page per request. The service filters by columns.
/// When a response stops before it found a row, its position is unknown, so the following requests read without the column
/// filter, where each response advances.
/// </summary>
internal sealed class DeadLetterScan(TableClient table, DeadLetterFilter filter, int limit)
{
    /// <summary>The maximum number of requests per call; one that finds few matches keeps the service busy for up to 5 seconds.</summary>
    public const int MaxRequests = 8;

    /// <summary>The maximum number of rows in a response that is filtered here.</summary>
    private const int PageRows = 500;

    /// <summary>The largest assumed lead of the clock that assigns ids over the clock that records when a dead letter was stored.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromDays(1);

    private readonly DeadLetterQuery _query = new(filter);
    private readonly List<DeadLetterSummary> _found = [];
    private bool _isFiltered = true;

    public async Task<DeadLetterPage> RunAsync(JobId? before, CancellationToken cancellationToken)
    {
        var after = Newest(before);
        var isSameDay = after is not null;
        for (var requests = 0; requests < MaxRequests; requests++)
        {
            var page = await ReadAsync(_query.Of(after, isSameDay, _isFiltered), cancellationToken);
            foreach (var deadLetter in page.DeadLetters)
            {
                after = deadLetter.Id;
                if (filter.Matches(deadLetter))
                    _found.Add(deadLetter);
                if (_found.Count == limit)
                    return new DeadLetterPage(_found, after);
            }

            if (page.IsAll && !isSameDay)
                return new DeadLetterPage(_found, null);
            if (page.DeadLetters.Count == 0 && !page.IsAll)
                _isFiltered = false;
            else
                isSameDay = !page.IsAll;
        }

        return new DeadLetterPage(_found, after);
    }

    private async Task<(IReadOnlyList<DeadLetterSummary> DeadLetters, bool IsAll)> ReadAsync(
        string? where, CancellationToken cancellationToken)
    {
        var rows = _isFiltered && _query.IsComplete ? limit - _found.Count : PageRows;
        await foreach (var page in table.QueryAsync<TableEntity>(
            where, rows, DeadLetterEntity.SummaryColumns, cancellationToken).AsPages(pageSizeHint: rows))
        {
            // Without a column filter, this response or a later one has rows or is the last.
            if (page.Values.Count > 0 || page.ContinuationToken is null || _isFiltered)
                return ([.. page.Values.Select(DeadLetterEntity.ToSummary)], page.ContinuationToken is null);
        }

        return ([], true);
    }

    /// <summary>Returns the upper bound of the ids: a dead letter stored before a moment has an id of that moment or earlier.</summary>
    private JobId? Newest(JobId? before)
    {
        if (filter.To is not { } to || DateTimeOffset.MaxValue - to < ClockMargin)
            return before;
        var end = JobId.First(to + ClockMargin);
        return before < end ? before : end;
    }
}
