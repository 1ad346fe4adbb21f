using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Configuration;

/// <summary>
/// A limit on the jobs of the types that name it: configuration section <c>JobPipeline:Limits:{name}</c>. It has a concurrency, a rate
/// or both.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>The maximum number of jobs that run at the same time, over all instances, per key. The default is no maximum.</summary>
    [Range(1, 1_000_000)]
    public int? Concurrency { get; set; }

    /// <summary>
    /// The maximum number of attempts that start within a period, over all instances, per key: <c>100/01:00:00</c> is a hundred an hour.
    /// The default is no maximum.
    /// </summary>
    public string? Rate { get; set; }

    /// <summary>
    /// How many attempts may start at once after a quiet time (<see cref="LimitAlgorithm.Gcra"/> only). The default is what the rate
    /// allows within a second, at least 1.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Burst { get; set; }

    /// <summary>How the rate is counted. The default is <see cref="LimitAlgorithm.Gcra"/>.</summary>
    public LimitAlgorithm Algorithm { get; set; }

    /// <summary>
    /// What the limit is divided by, so that each value has a limit of its own: <c>tenant</c>, <c>group</c>, <c>type</c>, or
    /// <c>payload.</c> with a JMESPath expression over the payload, such as <c>payload.account</c>. The default is nothing: all jobs
    /// share one limit.
    /// </summary>
    [StringLength(256, MinimumLength = 1)]
    public string? Key { get; set; }

    /// <summary>Whether a job that has to wait is parked or dropped. The default is <see cref="Configuration.OnLimit.Park"/>.</summary>
    public OnLimit OnLimit { get; set; }

    /// <summary>Other limits for single keys, by key.</summary>
    public Dictionary<string, KeyLimitOptions> Keys { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>
/// What a limit is for one key: configuration section <c>JobPipeline:Limits:{name}:Keys:{key}</c>. A property that is not set keeps the
/// value of the limit.
/// </summary>
public sealed class KeyLimitOptions
{
    /// <inheritdoc cref="LimitOptions.Concurrency"/>
    [Range(1, 1_000_000)]
    public int? Concurrency { get; set; }

    /// <inheritdoc cref="LimitOptions.Rate"/>
    public string? Rate { get; set; }

    /// <inheritdoc cref="LimitOptions.Burst"/>
    [Range(1, 1_000_000)]
    public int? Burst { get; set; }
}
