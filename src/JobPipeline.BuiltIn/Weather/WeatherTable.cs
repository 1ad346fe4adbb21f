using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Azure.Data.Tables;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Where the imported days lie: one partition, a row a day, the date as its key.</summary>
public abstract record WeatherTable
{
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$", ErrorMessage = "'table' takes 3 to 63 letters and digits, a letter first")]
    public required string Table { get; init; }

    [StringLength(512, MinimumLength = 1)]
    public required string PartitionKey { get; init; }

    /// <summary>The dates that begin like this, in order.</summary>
    internal async IAsyncEnumerable<WeatherStatistics> ReadDaysAsync(
        TableServiceClient tables, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionKey} and RowKey ge {prefix} and RowKey lt {prefix + "~"}");
        await foreach (var row in tables.GetTableClient(Table).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return new WeatherStatistics(row.RowKey, 1, Number(row, "precipitation"), Number(row, "temp_max"), Number(row, "temp_min"));
    }

    /// <summary>The file has one decimal; as doubles the numbers have some noise behind it.</summary>
    private static decimal Number(TableEntity row, string column) =>
        decimal.Round(Convert.ToDecimal(row[column], CultureInfo.InvariantCulture), 1);
}
