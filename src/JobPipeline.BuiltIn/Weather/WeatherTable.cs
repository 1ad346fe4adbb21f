using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>The table of the imported days: one partition, one row per day, with the date as its key.</summary>
public abstract record WeatherTable
{
    public required TableName Table { get; init; }

    [StringLength(512, MinimumLength = 1)]
    public required string PartitionKey { get; init; }

    /// <summary>Reads the days whose date has a prefix, in order.</summary>
    /// <exception cref="JobRejectedException">The table does not exist, jobs may not use it, or a row lacks a number.</exception>
    internal async IAsyncEnumerable<WeatherStatistics> ReadDaysAsync(
        UserStorage storage, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionKey} and RowKey ge {prefix} and RowKey lt {prefix + "~"}");
        await using var rows = storage.Table(Table).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(rows))
        {
            var row = rows.Current;
            yield return new WeatherStatistics(
                row.RowKey, 1, Number(row, "precipitation"), Number(row, "temp_max"), Number(row, "temp_min"));
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<TableEntity> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new JobRejectedException($"Table '{Table}' does not exist.", e);
        }
    }

    /// <summary>Rounds to the one decimal of the file; stored as doubles, the numbers have rounding errors.</summary>
    private decimal Number(TableEntity row, string column) => row.TryGetValue(column, out var value) && value is double or int or long
        ? decimal.Round(Convert.ToDecimal(value, CultureInfo.InvariantCulture), 1)
        : throw new JobRejectedException($"Row '{row.RowKey}' of table '{Table}' has no number '{column}'.");
}
