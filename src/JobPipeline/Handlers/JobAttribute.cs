using JobPipeline.Jobs;

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

    /// <summary>How the wait before the next attempt grows. Default: exponential with full jitter.</summary>
    public BackoffKind Backoff { get; set; }

    /// <summary>First backoff, or the upper bound of a drawn one. Default 5 seconds.</summary>
    public string BackoffBase { get; set; } = "00:00:05";

    /// <summary>Longest backoff. Default 10 minutes.</summary>
    public string BackoffCap { get; set; } = "00:10:00";

    /// <summary>The waits after the first, the second, ... failure, for <see cref="BackoffKind.Listed"/>, which they imply; the last one repeats.</summary>
    public string[]? BackoffDelays { get; set; }

    /// <summary>
    /// The circuit that the type's failures open (<c>JobPipeline:Circuits:{name}</c>): while it is open, none of its jobs is
    /// started. Types that lean on the same dependency name the same one. Default: none.
    /// </summary>
    public string? Circuit { get; set; }

    /// <summary>
    /// The type of the job that is enqueued, with a <c>DeadLetterCallback</c> as its payload, when a job of this type
    /// ends as a dead letter. One that ends so itself is followed by none. Default: none.
    /// </summary>
    public string? OnDeadLetter { get; set; }

    /// <summary>
    /// How long a run takes at most in the ordinary case. Jobs of up to one second may travel packed, many in one message.
    /// Default: unknown, never packed.
    /// </summary>
    public string? ExpectedDuration { get; set; }

    /// <summary>
    /// How long a run should take at most, for 95 of 100: metrics tell how many were longer, and an alert tells when they are
    /// too many. It ends nothing (<see cref="Timeout"/> does). Default: none, nothing is counted.
    /// </summary>
    public string? TargetDuration { get; set; }
}
