using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Event ids 1500-1549. The messages of errors are not logged, because they may quote a payload; the error group contains them.
/// </summary>
internal static partial class ErrorLog
{
    [LoggerMessage(1500, LogLevel.Warning, "New error group {Group}: {ErrorType} in jobs of {JobTypes}, release {Release}")]
    public static partial void New(ILogger logger, string group, string errorType, string jobTypes, string release);

    [LoggerMessage(
        1501,
        LogLevel.Error,
        "Error group {Group} recurred: {ErrorType} in jobs of {JobTypes}, resolved in {ResolvedIn}, seen in {Release}")]
    public static partial void Regressed(
        ILogger logger, string group, string errorType, string jobTypes, string? resolvedIn, string release);

    [LoggerMessage(1502, LogLevel.Warning, "Writing the failures of {Groups} error group(s) failed; they are kept for the next flush")]
    public static partial void NotFlushed(ILogger logger, Exception error, int groups);

    [LoggerMessage(
        1503,
        LogLevel.Warning,
        "More than {Max} error groups at a time: further ones are counted by job type only; recount a group to correct its number")]
    public static partial void TooMany(ILogger logger, int max);

    [LoggerMessage(1504, LogLevel.Information, "{By} changed error group {Group} to {State}")]
    public static partial void Changed(ILogger logger, string group, ErrorGroupState state, string by);

    [LoggerMessage(
        1505,
        LogLevel.Information,
        "Job {JobId} recounted error group {Group}: {Counted} failures stored, {Missing} of them were not counted before")]
    public static partial void Recounted(ILogger logger, string group, JobId jobId, long counted, long missing);

    [LoggerMessage(1506, LogLevel.Information, "Retention removed {Count} error groups")]
    public static partial void Removed(ILogger logger, int count);
}
