using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Maintenance;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Stores the progress of a sweep in one row, and next to it the places to revisit, in the order in which they fall due.</summary>
internal sealed class TableSweepLedger(TableClient table, string sweep) : ISweepLedger
{
    private const string WatermarkRow = "watermark";

    private readonly string _leftovers = $"{sweep}-leftovers";

    public async Task<SweepWatermark?> ReadAsync(CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            sweep, WatermarkRow, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? new SweepWatermark
            {
                Place = ToPlace(row),
                Slice = row.GetInt32("Slice") ?? 0,
                NextRunAt = Column.Time(row, "NextRunAt") ?? default,
                HeldUntil = Column.Time(row, "HeldUntil"),
                Version = row.ETag.ToString(),
            }
            : null;

    public async Task<string?> TryWriteAsync(SweepWatermark watermark, CancellationToken cancellationToken)
    {
        var row = ToRow(sweep, WatermarkRow, watermark.Place);
        row["Slice"] = watermark.Slice;
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

    public Task PutLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken)
    {
        var row = ToRow(_leftovers, RowKey(leftover), leftover.Place);
        row["DueAt"] = leftover.DueAt;
        return table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public Task RemoveLeftoverAsync(SweepLeftover leftover, CancellationToken cancellationToken) =>
        // The client treats a missing row as deleted.
        table.DeleteEntityAsync(_leftovers, RowKey(leftover), cancellationToken: cancellationToken);

    public async Task<IReadOnlyList<SweepLeftover>> ListDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        var due = new List<SweepLeftover>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_leftovers} and RowKey lt {Moment(now.AddTicks(1))}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, max, cancellationToken: cancellationToken))
        {
            due.Add(new SweepLeftover(ToPlace(row), row.GetDateTimeOffset("DueAt")!.Value));
            if (due.Count >= max)
                break;
        }

        return due;
    }

    private static string RowKey(SweepLeftover leftover) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Moment(leftover.DueAt)}|{leftover.Place.From.UtcDateTime:yyyyMMddHH}|{leftover.Place.Kind}");

    private static string Moment(DateTimeOffset at) => at.UtcTicks.ToString("d19", CultureInfo.InvariantCulture);

    private static TableEntity ToRow(string partition, string row, SweepPlace place) => new(partition, row)
    {
        ["From"] = place.From,
        ["Kind"] = place.Kind,
        ["Position"] = place.Position,
        ["LookAgainAt"] = Column.Time(place.LookAgainAt),
        ["ActedAt"] = Column.Time(place.ActedAt),
    };

    private static SweepPlace ToPlace(TableEntity row) => new(
        row.GetDateTimeOffset("From")!.Value,
        row.GetString("Kind"),
        row.GetString("Position"),
        Column.Time(row, "LookAgainAt"),
        Column.Time(row, "ActedAt"));
}
