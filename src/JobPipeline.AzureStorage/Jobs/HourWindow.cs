using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>A range of consecutive whole hours.</summary>
/// <param name="First">The start of the first hour.</param>
/// <param name="Last">The start of the last hour.</param>
internal readonly record struct HourWindow(DateTimeOffset First, DateTimeOffset Last)
{
    public int Hours => (int)(Last - First).TotalHours + 1;

    /// <summary>Returns the hours of the newest ids below the bound, not before the hour of <paramref name="from"/>.</summary>
    public static HourWindow Before(JobId bound, int hours, DateTimeOffset from)
    {
        var last = HourOf(bound.Timestamp);
        if (bound == JobId.First(last))
            last = last.AddHours(-1);
        var oldest = HourOf(from);
        var first = last - oldest < TimeSpan.FromHours(hours) ? oldest : last.AddHours(1 - hours);
        return new HourWindow(first < last ? first : last, last);
    }

    /// <summary>Returns the filter for ids below the bound and not below the oldest.</summary>
    public string Keys(JobId bound, JobId oldest)
    {
        var partitions = TableClient.CreateQueryFilter(
            $"PartitionKey ge {JobRows.FirstPartition(First)} and PartitionKey lt {JobRows.EndOfPartitions(Last)}");
        var rows = TableClient.CreateQueryFilter($"RowKey gt {JobRows.Record(bound)} and RowKey le {JobRows.Record(oldest)}");
        return $"{partitions} and {rows}";
    }

    private static DateTimeOffset HourOf(DateTimeOffset at)
    {
        var utc = at.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerHour));
    }
}
