using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution.UnknownTypes;

/// <summary>Event ids 1090-1099.</summary>
internal static partial class UnknownTypeLog
{
    [LoggerMessage(1090, LogLevel.Information, "This instance has no handler for the job type '{Type}'; "
        + "it leaves such jobs to the instances that have one")]
    public static partial void Left(ILogger logger, string type);

    [LoggerMessage(1091, LogLevel.Warning, "No running instance has a handler for the job type '{Type}'{Hint}. Its jobs wait for one; "
        + "job {JobId} becomes a dead letter at {GivesUpAt:u}. Start an instance that has the handler, or correct the type at the sender")]
    public static partial void WaitsForAHandler(ILogger logger, string type, string hint, Jobs.JobId jobId, DateTimeOffset givesUpAt);
}
