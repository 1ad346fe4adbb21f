namespace JobPipeline.Jobs;

/// <summary>Bounds on what a producer may ask for. Beyond them a message is refused, never cut.</summary>
public static class JobLimits
{
    /// <summary>Largest queue message, in bytes of UTF-8 (the service's own limit is 64 KiB, 48 KiB under base64).</summary>
    public const int MaxMessageBytes = 48 * 1024;

    /// <summary>Largest payload, in bytes of UTF-8; above <see cref="MaxMessageBytes"/> it travels by claim check.</summary>
    public const int MaxPayloadBytes = 4 * 1024 * 1024;

    /// <summary>Longest job type name, in characters.</summary>
    public const int MaxTypeLength = 128;

    /// <summary>Longest unique key, in characters.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Longest tag, in characters.</summary>
    public const int MaxTagLength = 64;

    /// <summary>Most tags on a job.</summary>
    public const int MaxTags = 16;

    /// <summary>Longest correlation id, in characters.</summary>
    public const int MaxCorrelationLength = 256;

    /// <summary>Most attempts that can be asked for.</summary>
    public const int MaxAttempts = 100;

    /// <summary>Deepest nesting of a message or payload.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most jobs in one packed message: two rows each fill one entity-group transaction of 100.</summary>
    public const int MaxPackedJobs = 100;

    /// <summary>The first year that a time may lie in.</summary>
    public const int FirstYear = 2000;

    /// <summary>The last year that a time may lie in: sums with lifetimes stay representable.</summary>
    public const int LastYear = 8999;

    /// <summary>Longest time limit of one attempt.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    /// <summary>How long a job without <c>expiresAt</c> may wait, counted from when it became due.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    /// <summary>Longest delay that can be asked for by duration: 10 years.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromDays(3650);

    /// <summary>Longest single visibility delay that is asked of the queue (the service allows 7 days); longer waits hop.</summary>
    public static readonly TimeSpan MaxHop = TimeSpan.FromDays(6);

    /// <summary>How far in the future the moment in a job id may lie: clocks differ.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);
}
