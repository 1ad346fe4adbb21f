using Azure.Data.Tables;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>
/// One call of a list: the rest of a day, then the days before it, a page a request. The service filters by columns; where
/// it stops before it found any row, what it had passed over is not told, so from there on the rows are read as they are:
/// each answer comes further then.
/// </summary>
internal sealed class DeadLetterScan(TableClient table, DeadLetterFilter filter, int limit)
{
    /// <summary>Most requests of one call; one that meets few matches keeps the service busy for up to 5 s.</summary>
    public const int MaxRequests = 8;

    /// <summary>Most rows of an answer that we have to filter ourselves.</summary>
    private const int PageRows = 500;

    /// <summary>Ids come from a clock that may be ahead of the one that told when the letter was kept, but never by so much.</summary>
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
            foreach (var letter in page.Letters)
            {
                after = letter.Id;
                if (filter.Matches(letter))
                    _found.Add(letter);
                if (_found.Count == limit)
                    return new DeadLetterPage(_found, after);
            }

            if (page.IsAll && !isSameDay)
                return new DeadLetterPage(_found, null);
            if (page.Letters.Count == 0 && !page.IsAll)
                _isFiltered = false;
            else
                isSameDay = !page.IsAll;
        }

        return new DeadLetterPage(_found, after);
    }

    private async Task<(IReadOnlyList<DeadLetterSummary> Letters, bool IsAll)> ReadAsync(string? where, CancellationToken cancellationToken)
    {
        var rows = _isFiltered && _query.IsComplete ? limit - _found.Count : PageRows;
        await foreach (var page in table.QueryAsync<TableEntity>(where, rows, DeadLetterEntity.SummaryColumns, cancellationToken).AsPages(pageSizeHint: rows))
        {
            // Without a filter the next answer, or one of the next, has rows or is the last.
            if (page.Values.Count > 0 || page.ContinuationToken is null || _isFiltered)
                return ([.. page.Values.Select(DeadLetterEntity.ToSummary)], page.ContinuationToken is null);
        }

        return ([], true);
    }

    /// <summary>What was kept before a moment has an id of that moment or of an earlier one.</summary>
    private JobId? Newest(JobId? before)
    {
        if (filter.To is not { } to || DateTimeOffset.MaxValue - to < ClockMargin)
            return before;
        var end = JobId.First(to + ClockMargin);
        return before < end ? before : end;
    }
}
