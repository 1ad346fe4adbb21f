using Microsoft.Extensions.Logging;

namespace JobPipeline.Limits.Governor;

/// <summary>Log messages of the resource governor. Event ids 1240-1249.</summary>
internal static partial class GovernorLog
{
    [LoggerMessage(
        1240, LogLevel.Warning, "{Used:P0} of the memory is used: this instance processes at most {Target} messages at a time for now")]
    public static partial void Easing(ILogger logger, double used, int target);

    [LoggerMessage(
        1241,
        LogLevel.Error,
        "{Used:P0} of the memory is used: this instance starts no jobs until it is less. {Running} messages are being processed")]
    public static partial void Closed(ILogger logger, double used, int running);

    [LoggerMessage(1242, LogLevel.Information, "{Used:P0} of the memory is used: this instance starts as many jobs as it has slots for")]
    public static partial void Opened(ILogger logger, double used);

    [LoggerMessage(
        1243,
        LogLevel.Warning,
        "{Used:P0} of the memory is used although nothing has run for {Idle}: garbage was collected, and one job is started regardless")]
    public static partial void Trial(ILogger logger, double used, TimeSpan idle);

    [LoggerMessage(1244, LogLevel.Warning, "Memory can't be measured on this machine: jobs are started whatever memory they use")]
    public static partial void NotMeasured(ILogger logger);

    [LoggerMessage(
        1245,
        LogLevel.Warning,
        "Jobs of type {Type} declare {Memory} of memory, more than the {Budget} that all jobs of this instance may declare together: each "
            + "runs without other jobs that declare memory. Give the process more memory, or lower JobPipeline:Jobs:{Type}:Memory")]
    public static partial void RunsAlone(ILogger logger, string type, string memory, string budget);
}
