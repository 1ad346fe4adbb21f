using JobPipeline.Configuration;
using JobPipeline.Failures.ErrorGroups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Retention;

/// <summary>Removes groups that were not seen for as long as ended jobs are kept: by then nothing of theirs is on record any more. A bounded number each time.</summary>
internal sealed class ErrorGroupSweep(IErrorGroupStore groups, IOptions<JobPipelineOptions> pipeline, IOptions<HousekeepingOptions> options, ILogger<ErrorGroupSweep> logger)
{
    private const int GroupsAtATime = 100;

    private DateTimeOffset _notBefore;

    /// <summary>How many were removed. Null: it is not due yet.</summary>
    public async Task<int?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _notBefore)
            return null;
        var over = now - pipeline.Value.Retention;
        var page = await groups.ListAsync(new ErrorGroupFilter { LastSeenBefore = over }, after: null, GroupsAtATime, cancellationToken);
        var removed = 0;
        foreach (var found in page.Groups)
        {
            // As it is now: it may have been seen again.
            if (await groups.ReadAsync(found.Id, cancellationToken) is { } group && group.LastSeenAt < over && await groups.TryRemoveAsync(group, cancellationToken))
                removed++;
        }

        _notBefore = page.Next is null ? now + options.Value.RetentionInterval : now;
        if (removed > 0)
            ErrorLog.Removed(logger, removed);
        return removed;
    }
}
