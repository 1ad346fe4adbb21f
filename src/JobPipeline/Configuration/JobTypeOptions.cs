using System.ComponentModel.DataAnnotations;
using System.Reflection;
using JobPipeline.Jobs;

namespace JobPipeline.Configuration;

/// <summary>
/// The policies of a job type, one property each: the only list of them. A property's name is that of the setting
/// (<c>JobPipeline:Jobs:{type}:{name}</c>) and of the property of <c>JobAttribute</c> that holds its default; its annotations are the
/// bounds of both. A null property keeps the attribute's value.
/// </summary>
public sealed class JobTypeOptions
{
    private static readonly PropertyInfo[] Properties = typeof(JobTypeOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The queue: <c>jobs-high</c>, <c>jobs</c> or <c>jobs-low</c>. The default is <c>jobs</c>.</summary>
    public string? Queue { get; set; }

    /// <summary>The maximum number of attempts, the first one included. The default is 5.</summary>
    [Range(1, JobLimits.MaxAttempts)]
    public int? MaxAttempts { get; set; }

    /// <summary>The time limit of one attempt. The default is 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The first backoff; for the exponential kind, its upper bound. The default is 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? BackoffBase { get; set; }

    /// <summary>The longest backoff. The default is 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "6.00:00:00")]
    public TimeSpan? BackoffCap { get; set; }

    /// <summary>How the backoff grows from attempt to attempt. The default is exponential with full jitter.</summary>
    public BackoffKind? Backoff { get; set; }

    /// <summary>
    /// The backoffs after the first failure, the second and so on, for <see cref="BackoffKind.Listed"/>, which they imply; the last one
    /// repeats. The default is none.
    /// </summary>
    [Length(1, RetrySchedule.MaxDelays)]
    public IList<TimeSpan>? BackoffDelays { get; set; }

    /// <summary>
    /// The circuit breaker that the type's failures open (<c>JobPipeline:Circuits:{name}</c>): while it is open, none of its jobs is
    /// started. Types that depend on the same service name the same circuit. The default is none.
    /// </summary>
    public string? Circuit { get; set; }

    /// <summary>
    /// The names of the limits that the type's jobs pass before they start (<c>JobPipeline:Limits:{name}</c>). With
    /// <see cref="Concurrency"/>, a type has at most two. The default is none.
    /// </summary>
    [Length(0, JobLimits.MaxLimitsOfAJob)]
    public IList<string>? Limits { get; set; }

    /// <summary>The maximum number of jobs of the type that run at the same time, over all instances. The default is no maximum.</summary>
    [Range(1, 1_000_000)]
    public int? Concurrency { get; set; }

    /// <summary>
    /// The type of the job that is enqueued, with a <c>DeadLetterCallback</c> as its payload, when a job of this type becomes a dead
    /// letter. A callback that becomes a dead letter has no callback itself. The default is none.
    /// </summary>
    public string? OnDeadLetter { get; set; }

    /// <summary>
    /// The longest ordinary duration of a run. Jobs of up to one second may travel packed, many in one message. The default is unknown:
    /// never packed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? ExpectedDuration { get; set; }

    /// <summary>
    /// The duration that 95 of 100 runs should not exceed. Metrics count the runs that do, and an alert fires when they are too many. It
    /// ends nothing (<see cref="Timeout"/> does). The default is none: nothing is counted.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? TargetDuration { get; set; }

    /// <summary>
    /// The memory that one run needs at most, such as <c>512MB</c>, <c>1.5GB</c> or <c>256MiB</c>. Jobs that declare it start only while
    /// what they declare together fits into the memory of the instance (<c>JobPipeline:Governor</c>). The default is none: not counted.
    /// </summary>
    public string? Memory { get; set; }

    /// <summary>All policies.</summary>
    internal static IReadOnlyList<PropertyInfo> All => Properties;

    /// <summary>These policies, overridden by what the others set.</summary>
    internal JobTypeOptions With(JobTypeOptions? overrides)
    {
        var merged = new JobTypeOptions();
        foreach (var policy in Properties)
            policy.SetValue(merged, (overrides is null ? null : policy.GetValue(overrides)) ?? policy.GetValue(this));
        return merged;
    }
}
