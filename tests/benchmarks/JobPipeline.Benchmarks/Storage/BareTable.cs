using Azure.Data.Tables;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Storage;

/// <summary>The minimum that a step can cost: inserts of a small row with the same SDK, one after the other.</summary>
internal sealed class BareTable
{
    private const int Inserts = 100;

    private readonly TableClient _table;

    private BareTable(TableClient table) => _table = table;

    public static async Task<BareTable> CreateAsync(string connection, CancellationToken cancellationToken)
    {
        var table = new TableClient(connection, "bare");
        await table.CreateIfNotExistsAsync(cancellationToken);
        return new BareTable(table);
    }

    /// <summary>Returns the median time of an insert, in milliseconds.</summary>
    public async Task<double> InsertAsync(CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < Inserts; i++)
        {
            var entity = new TableEntity("bare", Guid.NewGuid().ToString()) { ["Body"] = new string('x', 500) };
            var started = TimeProvider.System.GetTimestamp();
            await _table.AddEntityAsync(entity, cancellationToken);
            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }

        return times.Median();
    }
}
