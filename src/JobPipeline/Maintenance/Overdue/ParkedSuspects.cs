using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Maintenance.Overdue;

/// <summary>
/// Leaves out those of many suspects that are parked, without reading each: a lot is in the order of due times, and so is a page of
/// suspects, so that a few queries cover both.
/// </summary>
internal sealed class ParkedSuspects(JobGates jobGates, ILimitStore store, TimeProvider time)
{
    /// <summary>The number of gates with a lot that are looked at.</summary>
    private const int MaxGates = 20;

    /// <summary>The number of suspects from which queries cost less than reading each.</summary>
    private const int Few = 10;

    /// <summary>The number of places that one query returns.</summary>
    private const int PageSize = 1000;

    /// <summary>A job may be due a moment after the time in its id.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Returns the suspects that may not be parked. Those that expire meanwhile stay suspects.</summary>
    public async Task<IReadOnlyList<JobSummary>> ExceptParkedAsync(
        IReadOnlyList<JobSummary> suspects, CancellationToken cancellationToken)
    {
        var limited = suspects.Where(job => jobGates.MayHaveRow(job.Type)).ToList();
        if (limited.Count < Few)
            return suspects;
        var due = await store.ListDueAsync(LimitControl.NoEnd, MaxGates + 1, cancellationToken);
        var gates = due.Select(entry => entry.Gate).Distinct().ToList();
        // Beyond that, a query for each gate costs more than reading the suspects.
        if (gates.Count is 0 or > MaxGates)
            return suspects;
        var parked = new HashSet<JobId>();
        foreach (var gate in gates)
        {
            foreach (var queue in limited.GroupBy(job => job.Queue, StringComparer.Ordinal))
                await CollectAsync(gate, queue.Key, [.. queue.Select(job => job.Id.Timestamp)], parked, cancellationToken);
        }

        return [.. suspects.Where(job => !parked.Contains(job.Id))];
    }

    private async Task CollectAsync(
        GateId gate, string queue, IReadOnlyList<DateTimeOffset> times, HashSet<JobId> parked, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var from = ParkedKey.Before(queue, times.Min() - Margin);
        var to = ParkedKey.Before(queue, times.Max() + Margin);
        while (true)
        {
            var page = await store.ListAsync(gate, from, to, PageSize, cancellationToken);
            parked.UnionWith(page.Where(job => job.ExpiresAt is null || job.ExpiresAt > now).Select(job => job.Job));
            if (page.Count < PageSize)
                return;
            from = page[^1].Key.Next;
        }
    }
}
