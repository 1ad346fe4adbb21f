using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Maintenance;

namespace JobPipeline.AzureStorage.Retention;

/// <summary>How far retention has come, in one row; beside it the places to come back to, in the order in which they fall due.</summary>
internal sealed class TableRetentionLedger(TableClient table) : IRetentionLedger
{
    private const string Partition = "retention";
    private const string WatermarkRow = "watermark";
    private const string LeftoverPartition = "retention-leftovers";
    private const string DayFormat = "yyyyMMdd";

    public async Task<RetentionWatermark?> ReadAsync(CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(Partition, WatermarkRow, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? new RetentionWatermark
            {
                Place = ToPlace(row),
                KeySlice = row.GetInt32("KeySlice") ?? 0,
                NextRunAt = Column.Time(row, "NextRunAt") ?? default,
                HeldUntil = Column.Time(row, "HeldUntil"),
                Version = row.ETag.ToString(),
            }
            : null;

    public async Task<string?> TryWriteAsync(RetentionWatermark watermark, CancellationToken cancellationToken)
    {
        var row = ToRow(Partition, WatermarkRow, watermark.Place);
        row["KeySlice"] = watermark.KeySlice;
        row["NextRunAt"] = Column.Time(watermark.NextRunAt);
        row["HeldUntil"] = Column.Time(watermark.HeldUntil);
        try
        {
            var answer = watermark.Version is { } version
                ? await table.UpdateEntityAsync(row, new ETag(version), TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(row, cancellationToken);
            return answer.Headers.ETag?.ToString();
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound))
        {
            return null;
        }
    }

    public Task PutLeftoverAsync(RetentionLeftover leftover, CancellationToken cancellationToken)
    {
        var row = ToRow(LeftoverPartition, RowKey(leftover), leftover.Place);
        row["DueAt"] = leftover.DueAt;
        return table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public Task RemoveLeftoverAsync(RetentionLeftover leftover, CancellationToken cancellationToken) =>
        // The client takes a row that is not there for deleted.
        table.DeleteEntityAsync(LeftoverPartition, RowKey(leftover), cancellationToken: cancellationToken);

    public async Task<IReadOnlyList<RetentionLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        var due = new List<RetentionLeftover>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LeftoverPartition} and RowKey lt {Moment(now.AddTicks(1))}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, max, cancellationToken: cancellationToken))
        {
            due.Add(new RetentionLeftover(ToPlace(row), row.GetDateTimeOffset("DueAt")!.Value));
            if (due.Count >= max)
                break;
        }

        return due;
    }

    private static string RowKey(RetentionLeftover leftover) =>
        string.Create(CultureInfo.InvariantCulture, $"{Moment(leftover.DueAt)}|{leftover.Place.Day:yyyyMMdd}|{leftover.Place.Kind}");

    private static string Moment(DateTimeOffset at) => at.UtcTicks.ToString("d19", CultureInfo.InvariantCulture);

    private static TableEntity ToRow(string partition, string row, RetentionPlace place) => new(partition, row)
    {
        ["Day"] = place.Day.ToString(DayFormat, CultureInfo.InvariantCulture),
        ["Kind"] = place.Kind,
        ["Position"] = place.Position,
        ["LookAgainAt"] = Column.Time(place.LookAgainAt),
    };

    private static RetentionPlace ToPlace(TableEntity row) => new(
        DateOnly.ParseExact(row.GetString("Day"), DayFormat, CultureInfo.InvariantCulture), row.GetString("Kind"), row.GetString("Position"), Column.Time(row, "LookAgainAt"));
}
