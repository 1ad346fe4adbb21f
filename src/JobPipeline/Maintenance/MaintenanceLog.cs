using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance;

/// <summary>Event ids 1400-1499.</summary>
internal static partial class MaintenanceLog
{
    [LoggerMessage(
        1400,
        LogLevel.Warning,
        "Instance {Name} ({Kind}) was lost: its last heartbeat was at {LastHeartbeatAt:u} and it did not shut down; " +
        "it had {InFlight} jobs in flight")]
    public static partial void Lost(ILogger logger, string name, string kind, DateTimeOffset lastHeartbeatAt, int inFlight);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "Job {JobId} ({JobType}) attempt {Attempt} was in flight on the lost instance {Name}; re-sent its message")]
    public static partial void Resent(ILogger logger, JobId jobId, string jobType, int attempt, string name);

    [LoggerMessage(1402, LogLevel.Information, "Retention removed {Removed}; more to do: {HasMore}")]
    public static partial void Removed(ILogger logger, string removed, bool hasMore);

    [LoggerMessage(1404, LogLevel.Information, "{Jobs} jobs of the hour {Hour:u} may be overdue; they are checked a second time")]
    public static partial void LooksOverdue(ILogger logger, int jobs, DateTimeOffset hour);

    [LoggerMessage(
        1405,
        LogLevel.Warning,
        "Job {JobId} ({JobType}) attempt {Attempt} of queue {Queue} is overdue ({State} since {Since:u}); re-sent its message")]
    public static partial void Overdue(
        ILogger logger, JobId jobId, string jobType, int attempt, string queue, JobState state, DateTimeOffset since);

    [LoggerMessage(1406, LogLevel.Error, "Retention could not remove {Id} ({Kind}); it is retried later")]
    public static partial void NotRemoved(ILogger logger, Exception error, string kind, string id);

    [LoggerMessage(1403, LogLevel.Error, "The {Part} failed; the next run retries it")]
    public static partial void Failed(ILogger logger, Exception error, string part);
}
