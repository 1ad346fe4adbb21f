using System.Globalization;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Deletes records with their attempts. A day is a range of partitions, read in order and never twice.</summary>
internal sealed class TableJobSweep(TableClient table) : IRetentionSweep
{
    private const string DayFormat = "yyyyMMdd";
    private const char Separator = '/';
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "State", "Since"];

    private readonly RowRemover _remover = new(table);

    public string Kind => "jobs";

    public int Order => 0;

    public async Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(maxPerPage: 1, select: Columns, cancellationToken: cancellationToken))
            return DateOnly.ParseExact(row.PartitionKey[..DayFormat.Length], DayFormat, CultureInfo.InvariantCulture);
        return null;
    }

    public async Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var over = new List<Task<bool>>();
        DateTimeOffset? lookAgainAt = null;
        string? last = null;
        var seen = 0;
        await foreach (var job in JobsAsync(day, position, step.Size, cancellationToken))
        {
            last = $"{job[0].PartitionKey}{Separator}{job[0].RowKey}";
            seen++;
            if (LookAgainAt(job, step) is not { } at)
                over.Add(_remover.RemoveAsync([.. job.Skip(1), job[0]]));
            else if (lookAgainAt is null || at < lookAgainAt)
                lookAgainAt = at;
            if (seen >= step.Size)
                break;
        }

        var removed = await Task.WhenAll(over);
        // A job that changed during the sweep: its retention period is unknown.
        if (removed.Contains(false))
            lookAgainAt = step.Now;
        return new SweepResult(removed.Count(done => done), seen < step.Size ? null : last, lookAgainAt);
    }

    private static DateTimeOffset? LookAgainAt(List<TableEntity> job, SweepStep step) =>
        // Attempts without a record: no transition leaves them behind, so a change is in progress.
        JobRows.IsAttempt(job[0].RowKey)
            ? step.Now
            : RetentionRules.LookAgainAtJob(
                new JobStatus
                {
                    State = Enum.Parse<JobState>(job[0].GetString("State")), Attempt = 0, Since = Column.Time(job[0], "Since") ?? default,
                },
                step);

    /// <summary>Returns the rows of each job, its record first.</summary>
    private async IAsyncEnumerable<List<TableEntity>> JobsAsync(
        DateOnly day,
        string? position,
        int size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<TableEntity>? job = null;
        foreach (var filter in Filters(day, position))
        {
            await foreach (var row in table.QueryAsync<TableEntity>(filter, Math.Clamp(size * 2, 1, 1000), Columns, cancellationToken))
            {
                if (job is not null
                    && row.RowKey.StartsWith(job[0].RowKey, StringComparison.Ordinal)
                    && row.PartitionKey == job[0].PartitionKey)
                {
                    job.Add(row);
                    continue;
                }

                if (job is not null)
                    yield return job;
                job = [row];
            }
        }

        if (job is not null)
            yield return job;
    }

    /// <summary>Returns two filters to continue within a partition, because the service does not optimize an "or" of ranges.</summary>
    private static IEnumerable<string> Filters(DateOnly day, string? position)
    {
        var end = day.AddDays(1).ToString(DayFormat, CultureInfo.InvariantCulture);
        if (position is null)
        {
            yield return TableClient.CreateQueryFilter(
                $"PartitionKey ge {day.ToString(DayFormat, CultureInfo.InvariantCulture)} and PartitionKey lt {end}");
            yield break;
        }

        var (partition, record) = (position.Split(Separator)[0], position.Split(Separator)[1]);
        yield return TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {record + "."}");
        yield return TableClient.CreateQueryFilter($"PartitionKey gt {partition} and PartitionKey lt {end}");
    }
}
