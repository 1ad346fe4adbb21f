using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.Replays;

internal static partial class ReplayLog
{
    [LoggerMessage(1510, LogLevel.Information, "Dead letter {Letter} is replayed as job {Job} ({Type}), asked for by {By}")]
    public static partial void Replayed(ILogger logger, JobId letter, JobId job, string type, string by);

    [LoggerMessage(1511, LogLevel.Information, "Job {Job} replays dead letters, asked for by {By}: {Filter}")]
    public static partial void BulkStarted(ILogger logger, JobId job, string by, DeadLetterFilter filter);

    [LoggerMessage(1512, LogLevel.Information, "Dead letter {Letter} is removed, asked for by {By}")]
    public static partial void Removed(ILogger logger, JobId letter, string by);

    [LoggerMessage(1513, LogLevel.Information, "{Count} dead letters are removed, asked for by {By}: {Filter}")]
    public static partial void Purged(ILogger logger, int count, string by, DeadLetterFilter filter);
}
