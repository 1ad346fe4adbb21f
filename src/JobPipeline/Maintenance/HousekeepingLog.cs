using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Maintenance;

/// <summary>Event ids 1400-1499.</summary>
internal static partial class HousekeepingLog
{
    [LoggerMessage(
        1400,
        LogLevel.Warning,
        "Instance {Name} ({Kind}) fell silent at {LastBeatAt:u} without a goodbye; {InFlight} of its jobs are " +
        "looked after")]
    public static partial void Lost(ILogger logger, string name, string kind, DateTimeOffset lastBeatAt, int inFlight);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "Job {JobId} ({JobType}) attempt {Attempt} was in the hands of {Name}, which is gone: its message was " +
        "sent again")]
    public static partial void Resent(ILogger logger, JobId jobId, string jobType, int attempt, string name);

    [LoggerMessage(1402, LogLevel.Information, "Retention removed {Removed}; more to do: {HasMore}")]
    public static partial void Removed(ILogger logger, string removed, bool hasMore);

    [LoggerMessage(1404, LogLevel.Information, "{Jobs} jobs of the hour {Hour:u} look overdue; a second look follows")]
    public static partial void LooksOverdue(ILogger logger, int jobs, DateTimeOffset hour);

    [LoggerMessage(
        1405,
        LogLevel.Warning,
        "Job {JobId} ({JobType}) attempt {Attempt} of lane {Lane} should have been seen by now ({State} since " +
        "{Since:u}): its message was sent again")]
    public static partial void Overdue(
        ILogger logger, JobId jobId, string jobType, int attempt, string lane, JobState state, DateTimeOffset since);

    [LoggerMessage(1406, LogLevel.Error, "{Id} of the {Kind} can't be removed; it is looked at again later")]
    public static partial void NotRemoved(ILogger logger, Exception error, string kind, string id);

    [LoggerMessage(1403, LogLevel.Error, "The {Part} failed; the next run tries again")]
    public static partial void Failed(ILogger logger, Exception error, string part);
}
