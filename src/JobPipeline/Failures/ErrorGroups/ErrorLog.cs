using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Event ids 1500-1549. No message of an error is logged, for it may quote a payload: the group has it.</summary>
internal static partial class ErrorLog
{
    [LoggerMessage(1500, LogLevel.Warning, "New error group {Group}: {ErrorType} in jobs of {JobTypes}, release {Release}")]
    public static partial void New(ILogger logger, string group, string errorType, string jobTypes, string release);

    [LoggerMessage(1501, LogLevel.Error, "Error group {Group} is back: {ErrorType} in jobs of {JobTypes}, resolved in {ResolvedIn}, seen in {Release}")]
    public static partial void Regressed(ILogger logger, string group, string errorType, string jobTypes, string? resolvedIn, string release);

    [LoggerMessage(1502, LogLevel.Warning, "Failures of {Groups} error group(s) could not be counted yet; kept for the next try")]
    public static partial void NotFlushed(ILogger logger, Exception error, int groups);

    [LoggerMessage(1503, LogLevel.Warning, "More than {Max} error groups at a time: further ones are counted by job type alone; a recount of a group finds its own")]
    public static partial void TooMany(ILogger logger, int max);

    [LoggerMessage(1504, LogLevel.Information, "Error group {Group} is {State} by {By}")]
    public static partial void Changed(ILogger logger, string group, ErrorGroupState state, string by);

    [LoggerMessage(1505, LogLevel.Information, "Recount of error group {Group} by job {JobId}: {Counted} on record, {Missing} had not been counted")]
    public static partial void Recounted(ILogger logger, string group, JobId jobId, long counted, long missing);

    [LoggerMessage(1506, LogLevel.Information, "{Count} error groups that were not seen any more were removed")]
    public static partial void Removed(ILogger logger, int count);
}
