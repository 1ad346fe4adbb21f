namespace JobPipeline.Jobs;

/// <summary>The backoff settings of a message; a null property keeps the setting of the job type.</summary>
public sealed record BackoffOverride
{
    /// <inheritdoc cref="RetrySchedule.Kind"/>
    public BackoffKind? Kind { get; init; }

    /// <inheritdoc cref="RetrySchedule.Base"/>
    public TimeSpan? Base { get; init; }

    /// <inheritdoc cref="RetrySchedule.Cap"/>
    public TimeSpan? Cap { get; init; }

    /// <summary>The delays after the first, the second, ... failure. Setting them implies <see cref="BackoffKind.Listed"/>.</summary>
    public IReadOnlyList<TimeSpan>? Delays { get; init; }
}
