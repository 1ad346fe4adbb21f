using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.Replays;

/// <summary>Event ids 1510-1513. They are the audit trail of replays and removals.</summary>
internal static partial class ReplayLog
{
    [LoggerMessage(1510, LogLevel.Information, "{By} replayed dead letter {DeadLetter} as job {Job} ({Type})")]
    public static partial void Replayed(ILogger logger, JobId deadLetter, JobId job, string type, string by);

    [LoggerMessage(1511, LogLevel.Information, "{By} started bulk replay {Job} of dead letters: {Filter}")]
    public static partial void BulkStarted(ILogger logger, JobId job, string by, DeadLetterFilter filter);

    [LoggerMessage(1512, LogLevel.Information, "{By} removed dead letter {DeadLetter}")]
    public static partial void Removed(ILogger logger, JobId deadLetter, string by);

    [LoggerMessage(1513, LogLevel.Information, "{By} removed {Count} dead letters: {Filter}")]
    public static partial void Purged(ILogger logger, int count, string by, DeadLetterFilter filter);
}
