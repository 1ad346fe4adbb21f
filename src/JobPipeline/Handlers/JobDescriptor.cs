using JobPipeline.Configuration;
using JobPipeline.Jobs;

namespace JobPipeline.Handlers;

/// <summary>A registered job type with its effective policies: those of its attribute, overridden by configuration.</summary>
internal sealed record JobDescriptor
{
    /// <summary>The maximum expected duration of jobs that may be packed.</summary>
    public static readonly TimeSpan MaxPackedDuration = TimeSpan.FromSeconds(1);

    public required string Type { get; init; }

    public required string Queue { get; init; }

    public required int MaxAttempts { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required RetrySchedule Backoff { get; init; }

    /// <inheritdoc cref="JobAttribute.Circuit"/>
    public string? Circuit { get; init; }

    /// <inheritdoc cref="JobAttribute.Limits"/>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <inheritdoc cref="JobTypeOptions.Concurrency"/>
    public int? Concurrency { get; init; }

    /// <summary>Whether a limit can make its jobs wait.</summary>
    public bool IsLimited => Limits.Count > 0 || Concurrency is not null;

    /// <inheritdoc cref="JobAttribute.OnDeadLetter"/>
    public string? OnDeadLetter { get; init; }

    public TimeSpan? ExpectedDuration { get; init; }

    /// <inheritdoc cref="JobAttribute.TargetDuration"/>
    public TimeSpan? TargetDuration { get; init; }

    /// <inheritdoc cref="JobAttribute.Memory"/>
    public ByteSize? Memory { get; init; }

    /// <summary>The expected duration of jobs that may run together with others; null for those that a limit can make wait.</summary>
    public TimeSpan? DurationInCompany => IsLimited ? null : ExpectedDuration;

    /// <summary>Whether jobs of the type may be packed.</summary>
    public bool MayTravelPacked => DurationInCompany <= MaxPackedDuration;

    /// <summary>The type of the handler's payload.</summary>
    public Type PayloadType => Invoker.PayloadType;

    /// <summary>The type of the handler's result; null when it declares none.</summary>
    public Type? ResultType => Invoker.ResultType;

    /// <summary>Everything that keeps the payload from being read by the handler; empty for one that fits.</summary>
    public IReadOnlyList<ValidationError> Validate(ReadOnlyMemory<byte> payload) => Invoker.Check(payload);

    internal JobInvoker Invoker { get; init; } = null!;

    /// <param name="type">The job type.</param>
    /// <param name="defaults">The policies of the handler's attribute.</param>
    /// <param name="configured">The policies that configuration overrides; null when there are none.</param>
    /// <param name="invoker">Calls the handler.</param>
    internal static JobDescriptor Of(string type, JobTypeOptions defaults, JobTypeOptions? configured, JobInvoker invoker)
    {
        var policies = defaults.With(configured);
        return new JobDescriptor
        {
            Type = type,
            Queue = policies.Queue!,
            MaxAttempts = policies.MaxAttempts!.Value,
            Timeout = policies.Timeout!.Value,
            Backoff = BackoffOf(defaults, configured),
            Circuit = policies.Circuit,
            Limits = [.. policies.Limits ?? []],
            Concurrency = policies.Concurrency,
            OnDeadLetter = policies.OnDeadLetter,
            ExpectedDuration = policies.ExpectedDuration,
            TargetDuration = policies.TargetDuration,
            Memory = ByteSize.TryParse(policies.Memory, out var memory) ? memory : null,
            Invoker = invoker,
        };
    }

    /// <summary>A configured list outranks an attribute's kind, and a configured kind outranks an attribute's list.</summary>
    private static RetrySchedule BackoffOf(JobTypeOptions defaults, JobTypeOptions? configured)
    {
        var own = new RetrySchedule(defaults.BackoffBase!.Value, defaults.BackoffCap!.Value)
        {
            Kind = defaults.BackoffDelays is null ? defaults.Backoff!.Value : BackoffKind.Listed,
            Delays = [.. defaults.BackoffDelays ?? []],
        };
        return own.With(new BackoffOverride
        {
            Kind = configured?.Backoff,
            Base = configured?.BackoffBase,
            Cap = configured?.BackoffCap,
            Delays = configured?.BackoffDelays is { } delays ? [.. delays] : null,
        });
    }
}
