namespace JobPipeline.Jobs;

/// <summary>Limits on what a producer can request. A message that exceeds them is rejected, never truncated.</summary>
public static class JobLimits
{
    /// <summary>
    /// The maximum size of a queue message, in bytes of UTF-8 (the service's own limit is 64 KiB, or 48 KiB with base64).
    /// </summary>
    public const int MaxMessageBytes = 48 * 1024;

    /// <summary>The maximum size of a payload, in bytes of UTF-8. Above <see cref="MaxMessageBytes"/> it is sent by claim check.</summary>
    public const int MaxPayloadBytes = 4 * 1024 * 1024;

    /// <summary>The maximum length of a job type name, in characters.</summary>
    public const int MaxTypeLength = 128;

    /// <summary>The maximum length of a unique key, in characters.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>The maximum length of a tag, in characters.</summary>
    public const int MaxTagLength = 64;

    /// <summary>The maximum number of tags on a job.</summary>
    public const int MaxTags = 16;

    /// <summary>The maximum length of a correlation id, in characters.</summary>
    public const int MaxCorrelationLength = 256;

    /// <summary>The maximum length of a tenant, a group or another key of a limit, in characters.</summary>
    public const int MaxTenantLength = 128;

    /// <summary>The maximum number of limits that a job can be subject to.</summary>
    public const int MaxLimitsOfAJob = 2;

    /// <summary>The maximum number of attempts that can be requested.</summary>
    public const int MaxAttempts = 100;

    /// <summary>The maximum nesting depth of a message or payload.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The maximum number of jobs in one packed message. With two rows each, 50 of them fill one entity-group transaction of 100.
    /// </summary>
    public const int MaxPackedJobs = 100;

    /// <summary>The first year that a time may be in.</summary>
    public const int FirstYear = 2000;

    /// <summary>The last year that a time may be in, so that sums with lifetimes stay representable.</summary>
    public const int LastYear = 8999;

    /// <summary>The maximum time limit of one attempt.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    /// <summary>How long a job without <c>expiresAt</c> may wait after it becomes due.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    /// <summary>The maximum delay that can be requested by duration: 10 years.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromDays(3650);

    /// <summary>
    /// The maximum visibility delay requested from the queue at once (the service allows 7 days). A longer wait takes several
    /// hops.
    /// </summary>
    public static readonly TimeSpan MaxHop = TimeSpan.FromDays(6);

    /// <summary>How far in the future the time in a job id may be, to allow for clock skew.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);
}
