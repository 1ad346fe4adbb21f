using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;

namespace JobPipeline.Testing;

/// <summary>Lists the open jobs of an <see cref="InMemoryJobStore"/>.</summary>
internal sealed class InMemoryOpenJobList(InMemoryJobStore store) : IOpenJobList
{
    public Task<DateTimeOffset?> FindOldestAsync(CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(store.Records is { Count: > 0 } records ? HourOf(records.Min(record => record.Id)) : null);

    public Task<OpenJobPage> ListAsync(DateTimeOffset hour, string? position, int max, CancellationToken cancellationToken)
    {
        var open = store.Records
            .Where(record => HourOf(record.Id) == hour && !record.Status.State.IsTerminal())
            .Where(record => position is null || record.Id > JobId.Parse(position))
            .OrderBy(record => record.Id)
            .Take(max + 1)
            .Select(JobSummary.Of)
            .ToList();
        return Task.FromResult(open.Count > max ? new OpenJobPage(open[..max], open[max - 1].Id.ToString()) : new OpenJobPage(open, null));
    }

    private static DateTimeOffset HourOf(JobId id) => id.Timestamp.AddTicks(-(id.Timestamp.UtcTicks % TimeSpan.TicksPerHour));
}
