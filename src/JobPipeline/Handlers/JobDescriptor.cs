using JobPipeline.Execution;

namespace JobPipeline.Handlers;

/// <summary>A registered job type with the policies in force: its attribute's, overridden by configuration.</summary>
public sealed record JobDescriptor
{
    /// <summary>Jobs expected to take no longer than this may travel packed.</summary>
    public static readonly TimeSpan MaxPackedDuration = TimeSpan.FromSeconds(1);

    public required string Type { get; init; }

    public required string Queue { get; init; }

    public required int MaxAttempts { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required RetrySchedule Backoff { get; init; }

    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>True when many may travel in one message.</summary>
    public bool MayTravelPacked => ExpectedDuration <= MaxPackedDuration;

    internal JobInvoker Invoker { get; init; } = null!;
}
