using JobPipeline.Configuration;
using JobPipeline.Failures.ErrorGroups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Retention;

/// <summary>
/// Removes groups that were last seen longer ago than ended jobs are kept: no job of theirs is stored any more. The work of one run
/// is bounded.
/// </summary>
internal sealed class ErrorGroupSweep(
    IErrorGroupStore groups,
    IOptions<JobPipelineOptions> pipeline,
    IOptions<MaintenanceOptions> options,
    ILogger<ErrorGroupSweep> logger)
{
    private const int GroupsPerRun = 100;

    private DateTimeOffset _notBefore;

    /// <summary>Runs the sweep and returns the number of removed groups. Returns null if it is not due yet.</summary>
    public async Task<int?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _notBefore)
            return null;
        var over = now - pipeline.Value.Retention;
        var page = await groups.ListAsync(new ErrorGroupFilter { LastSeenBefore = over }, after: null, GroupsPerRun, cancellationToken);
        var removed = 0;
        foreach (var found in page.Groups)
        {
            // Read again, because it may have been seen since it was listed.
            if (await groups.ReadAsync(found.Id, cancellationToken) is { } group
                && group.LastSeenAt < over
                && await groups.TryRemoveAsync(group, cancellationToken))
            {
                removed++;
            }
        }

        _notBefore = page.Next is null ? now + options.Value.RetentionInterval : now;
        if (removed > 0)
            ErrorLog.Removed(logger, removed);
        return removed;
    }
}
