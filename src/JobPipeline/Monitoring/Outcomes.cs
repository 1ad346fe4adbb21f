using JobPipeline.Execution;

namespace JobPipeline.Monitoring;

/// <summary>How jobs and attempts end, as telemetry says it.</summary>
internal static class Outcomes
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Released = "released";
    public const string Cancelled = "cancelled";
    public const string Lost = "lost";
    public const string DeadLettered = "dead-lettered";
    public const string Expired = "expired";

    /// <summary>Of an attempt.</summary>
    public static string Of(JobEnding ending) => ending switch
    {
        JobEnding.Completed => Succeeded,
        JobEnding.Retried or JobEnding.Buried => Failed,
        JobEnding.Released => Released,
        JobEnding.CalledOff => Cancelled,
        _ => Lost,
    };

    /// <summary>Of the job that the attempt ends.</summary>
    public static string OfJob(JobEnding ending) => ending switch
    {
        JobEnding.Completed => Succeeded,
        JobEnding.Buried => DeadLettered,
        _ => Cancelled,
    };
}
