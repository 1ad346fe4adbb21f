using System.Globalization;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>
/// Lists open jobs. The service filters by state and continues from its own continuation token, so ended jobs are skipped by
/// the service wherever a response stops, and never read twice.
/// </summary>
internal sealed class TableOpenJobList(TableClient table) : IOpenJobList
{
    /// <summary>The maximum number of rows that the service returns per request.</summary>
    private const int MaxRows = 1000;

    private static readonly string IsOpen = string.Join(
        " or ",
        Enum.GetValues<JobState>().Where(state => !state.IsTerminal()).Select(
            state => TableClient.CreateQueryFilter($"State eq {state.ToString()}")));

    public async Task<DateTimeOffset?> FindOldestAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(
            maxPerPage: 1, select: ["PartitionKey"], cancellationToken: cancellationToken))
            return DateTimeOffset.ParseExact(
                row.PartitionKey.Split('-')[0], JobRows.HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return null;
    }

    public async Task<OpenJobPage> ListAsync(DateTimeOffset hour, string? position, int max, CancellationToken cancellationToken)
    {
        var keys = TableClient.CreateQueryFilter(
            $"PartitionKey ge {JobRows.FirstPartition(hour)} and PartitionKey lt {JobRows.EndOfPartitions(hour)}");
        var rows = table.QueryAsync<TableEntity>(
            $"{keys} and {RecordEntity.RecordsOnly} and ({IsOpen})",
            select: RecordEntity.SummaryColumns,
            cancellationToken: cancellationToken);
        await foreach (var page in rows.AsPages(position, Math.Clamp(max, 1, MaxRows)))
            return new OpenJobPage(
                [.. page.Values.Select(RecordEntity.ToSummary)], page.ContinuationToken is { Length: > 0 } next ? next : null);
        return new OpenJobPage([], null);
    }
}
