using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>
/// Finds the failures of an error group among the attempts in the jobs table. The service scans the whole table, a section
/// per request.
/// </summary>
internal sealed class TableErrorGroupHistory(TableClient jobs) : IErrorGroupHistory
{
    private static readonly string[] Columns = ["Error"];

    public async Task<ErrorHistoryPage> ReadAsync(string group, string? position, CancellationToken cancellationToken)
    {
        var query = jobs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"ErrorGroup eq {group}"), select: Columns, cancellationToken: cancellationToken);
        await foreach (var page in query.AsPages(position))
        {
            return new ErrorHistoryPage(
                [.. page.Values.Select(attempt => JsonSerializer.Deserialize<AttemptError>(attempt.GetString("Error"))!.At)],
                page.ContinuationToken is { Length: > 0 } next ? next : null);
        }

        return new ErrorHistoryPage([], null);
    }
}
