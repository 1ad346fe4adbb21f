using JobPipeline.Failures;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// Event ids 1000-1099. A line about a job names its id and type in the text, because the Functions host gets the text alone. No payload
/// is ever logged, nor the validation error of one, which may quote it. The message of a handler's exception is logged
/// (<see cref="ErrorText"/>).
/// </summary>
internal static partial class ExecutionLog
{
    /// <summary>A success is logged at <see cref="LogLevel.Debug"/>: it is on record and in the metrics.</summary>
    [LoggerMessage(EventId = 1000, Message = "Job {JobId} ({JobType}) attempt {Attempt} {State}")]
    public static partial void Ended(ILogger logger, LogLevel level, JobId jobId, string jobType, int attempt, AttemptState state);

    [LoggerMessage(
        1001, LogLevel.Warning, "Job {JobId} ({JobType}) attempt {Attempt} failed ({Kind}): {Error}. Next attempt at {RetryAt:u}")]
    public static partial void WillRetry(
        ILogger logger, JobId jobId, string jobType, int attempt, ErrorKind kind, string error, DateTimeOffset retryAt);

    [LoggerMessage(1002, LogLevel.Error, "Job {JobId} ({JobType}) became a dead letter ({Reason}): {Why}")]
    public static partial void DeadLettered(ILogger logger, JobId jobId, string jobType, DeadLetterReason reason, string why);

    [LoggerMessage(1003, LogLevel.Warning, "Heartbeat of job {JobId} ({JobType}) attempt {Attempt} failed; the next one renews the lease")]
    public static partial void HeartbeatFailed(ILogger logger, Exception error, JobId jobId, string jobType, int attempt);

    [LoggerMessage(
        1004, LogLevel.Warning, "Job {JobId} ({JobType}) attempt {Attempt} lost its claim; the outcome of this worker is refused")]
    public static partial void ClaimLost(ILogger logger, JobId jobId, string jobType, int attempt);

    [LoggerMessage(
        1005, LogLevel.Warning, "Job {JobId} ({JobType}) attempt {Attempt} is taken over from {Owner}; {Deaths} worker(s) died on it")]
    public static partial void TakenOver(ILogger logger, JobId jobId, string jobType, int attempt, string owner, int deaths);

    [LoggerMessage(
        1006,
        LogLevel.Error,
        "Job {JobId} ({JobType}) ignored its cancellation and was abandoned; its handler may still be running in " +
        "this process")]
    public static partial void Abandoned(ILogger logger, JobId jobId, string jobType);

    [LoggerMessage(1007, LogLevel.Information, "Job {JobId} ({JobType}) is a duplicate of {Holder}: its unique key is held")]
    public static partial void Duplicate(ILogger logger, JobId jobId, string jobType, JobId holder);

    [LoggerMessage(1010, LogLevel.Error, "Processing message {MessageId} from {Queue} failed; re-sent, due at {Until:u}")]
    public static partial void Replaced(ILogger logger, Exception error, string messageId, string queue, DateTimeOffset until);

    [LoggerMessage(1011, LogLevel.Error, "Error rule {Rule} threw while classifying {Error}; ignoring the rule")]
    public static partial void RuleFailed(ILogger logger, Exception failure, string rule, string error);

    [LoggerMessage(
        1009,
        LogLevel.Warning,
        "The outcome of job {JobId} ({JobType}) attempt {Attempt} could not be stored yet; retrying until its lease " +
        "ends")]
    public static partial void OutcomeNotStored(ILogger logger, Exception error, JobId jobId, string jobType, int attempt);

    [LoggerMessage(
        1013,
        LogLevel.Warning,
        "Job {JobId} ({JobType}), step '{Step}' of workflow {Workflow}, failed ({Reason}): {Why}. The workflow " +
        "decides what follows")]
    public static partial void StepFailed(
        ILogger logger, JobId jobId, string jobType, string step, string workflow, DeadLetterReason reason, string why);
}
