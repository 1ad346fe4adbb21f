using JobPipeline.Jobs;

namespace JobPipeline.Handlers;

/// <summary>
/// Specifies the job type that a handler runs and its default policies. Each policy can be overridden per type in configuration
/// (<c>JobPipeline:Jobs:{type}:…</c>), and some per message within limits. Durations are written as <c>hh:mm:ss</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class JobAttribute(string type) : Attribute
{
    /// <summary>The job type.</summary>
    public string Type { get; } = type;

    /// <summary>The maximum number of attempts. The default is 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The time limit of one attempt. The default is 5 minutes.</summary>
    public string Timeout { get; set; } = "00:05:00";

    /// <summary>The queue: <c>jobs-high</c>, <c>jobs</c> or <c>jobs-low</c>. The default is <c>jobs</c>.</summary>
    public string Queue { get; set; } = "jobs";

    /// <summary>How the delay before the next attempt grows. The default is exponential with full jitter.</summary>
    public BackoffKind Backoff { get; set; }

    /// <summary>The first backoff, or its upper bound when it has jitter. The default is 5 seconds.</summary>
    public string BackoffBase { get; set; } = "00:00:05";

    /// <summary>The maximum backoff. The default is 10 minutes.</summary>
    public string BackoffCap { get; set; } = "00:10:00";

    /// <summary>
    /// The delays after the first, the second, ... failure; the last one repeats. Setting them implies
    /// <see cref="BackoffKind.Listed"/>.
    /// </summary>
    public string[]? BackoffDelays { get; set; }

    /// <summary>
    /// The circuit that failures of the type open (<c>JobPipeline:Circuits:{name}</c>). While it is open, no job of the type is
    /// started. Types with the same dependency share a circuit by using the same name. The default is none.
    /// </summary>
    public string? Circuit { get; set; }

    /// <summary>
    /// The names of the limits that jobs of the type pass before they start (<c>JobPipeline:Limits:{name}</c>). With
    /// <see cref="Concurrency"/>, a type has at most two. The default is none.
    /// </summary>
    public string[]? Limits { get; set; }

    /// <summary>
    /// The maximum number of jobs of the type that run at the same time, over all instances. The default is 0: no maximum.
    /// </summary>
    public int Concurrency { get; set; }

    /// <summary>
    /// The type of the job to enqueue, with a <c>DeadLetterCallback</c> as its payload, when a job of this type becomes a
    /// dead letter. A callback that becomes a dead letter itself has no callback. The default is none.
    /// </summary>
    public string? OnDeadLetter { get; set; }

    /// <summary>
    /// The usual upper bound on the duration of a run. Jobs of up to one second may be packed, many in one message. The default
    /// is unknown: never packed.
    /// </summary>
    public string? ExpectedDuration { get; set; }

    /// <summary>
    /// The duration that 95 of 100 runs should not exceed. Metrics count the runs that took longer, and an alert fires when there
    /// are too many. It does not end a run (<see cref="Timeout"/> does). The default is none: nothing is counted.
    /// </summary>
    public string? TargetDuration { get; set; }

    /// <summary>
    /// The memory that one run needs at most, such as <c>512MB</c> or <c>256MiB</c>. Jobs that declare it start only while what they
    /// declare together fits into the memory of the instance. The default is none: not counted.
    /// </summary>
    public string? Memory { get; set; }
}
