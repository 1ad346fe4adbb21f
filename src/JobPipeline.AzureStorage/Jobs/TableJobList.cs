using Azure.Data.Tables;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Lists jobs over the hours and slices of the jobs table (<see cref="JobListScan"/>).</summary>
internal sealed class TableJobList(TableClient table) : IJobList
{
    public Task<JobPage> ListAsync(JobFilter filter, JobId? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IJobList.MaxLimit);
        return new JobListScan(new JobListQuery(table, filter), limit).RunAsync(before, cancellationToken);
    }

    /// <summary>Lists children. They share their parent's time, and so its partition and the row keys of one millisecond.</summary>
    public async Task<IReadOnlyList<JobSummary>> ListChildrenAsync(JobId parent, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxChildren);
        var (partition, first) = (JobRows.Partition(parent), JobRows.MomentPrefix(parent));
        var end = first + AfterDigits;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end} and Parent eq {parent.ToString()}");
        var children = new List<JobSummary>();
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, max, RecordEntity.SummaryColumns, cancellationToken))
        {
            children.Add(RecordEntity.ToSummary(entity));
            if (children.Count == max)
                break;
        }

        return [.. children.OrderBy(child => child.EnqueuedAt).ThenBy(child => child.Id)];
    }

    private const int MaxChildren = 1000;

    /// <summary>A character that sorts after every hexadecimal digit.</summary>
    private const string AfterDigits = "g";
}
