using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>Event id 1012.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(
        1012,
        LogLevel.Error,
        "The callback job {Callback} of dead letter {JobId} ({JobType}) can't be enqueued and is left out; correct OnDeadLetter")]
    public static partial void CallbackRefused(ILogger logger, Exception error, JobId jobId, string jobType, string callback);
}
