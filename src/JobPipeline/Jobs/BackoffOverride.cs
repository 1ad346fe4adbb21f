namespace JobPipeline.Jobs;

/// <summary>What a message says of its job's backoff; what is null stays as the type has it.</summary>
public sealed record BackoffOverride
{
    /// <inheritdoc cref="RetrySchedule.Kind"/>
    public BackoffKind? Kind { get; init; }

    /// <inheritdoc cref="RetrySchedule.Base"/>
    public TimeSpan? Base { get; init; }

    /// <inheritdoc cref="RetrySchedule.Cap"/>
    public TimeSpan? Cap { get; init; }

    /// <summary>The waits after the first, the second, ... failure; they make the backoff <see cref="BackoffKind.Listed"/>.</summary>
    public IReadOnlyList<TimeSpan>? Delays { get; init; }
}
