namespace JobPipeline.Handlers;

/// <summary>
/// Names the job type that a handler runs and its default policies. Each can be overridden per type in configuration
/// (<c>JobPipeline:Jobs:{type}:…</c>), and some per message within bounds. Durations are written as <c>hh:mm:ss</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class JobAttribute(string type) : Attribute
{
    /// <summary>The job type.</summary>
    public string Type { get; } = type;

    /// <summary>Attempts in all. Default 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Time limit of one attempt. Default 5 minutes.</summary>
    public string Timeout { get; set; } = "00:05:00";

    /// <summary>The lane it runs in: <c>jobs-high</c>, <c>jobs</c> or <c>jobs-low</c>. Default <c>jobs</c>.</summary>
    public string Queue { get; set; } = "jobs";

    /// <summary>First backoff; doubles with each attempt, drawn from zero up to that (full jitter). Default 5 seconds.</summary>
    public string BackoffBase { get; set; } = "00:00:05";

    /// <summary>Longest backoff. Default 10 minutes.</summary>
    public string BackoffCap { get; set; } = "00:10:00";

    /// <summary>
    /// How long a run takes at most in the ordinary case. Jobs of up to one second may travel packed, many in one message.
    /// Default: unknown, never packed.
    /// </summary>
    public string? ExpectedDuration { get; set; }
}
