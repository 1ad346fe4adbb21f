using JobPipeline.Jobs;

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

    /// <inheritdoc cref="JobAttribute.Circuit"/>
    public string? Circuit { get; init; }

    /// <inheritdoc cref="JobAttribute.OnDeadLetter"/>
    public string? OnDeadLetter { get; init; }

    public TimeSpan? ExpectedDuration { get; init; }

    /// <inheritdoc cref="JobAttribute.TargetDuration"/>
    public TimeSpan? TargetDuration { get; init; }

    /// <summary>True when many may travel in one message.</summary>
    public bool MayTravelPacked => ExpectedDuration <= MaxPackedDuration;

    /// <summary>What the handler takes.</summary>
    public Type PayloadType => Invoker.PayloadType;

    /// <summary>What the handler returns; null where it declares nothing.</summary>
    public Type? ResultType => Invoker.ResultType;

    /// <summary>Checks a payload before it is enqueued.</summary>
    /// <exception cref="JobRejectedException">The payload does not fit the handler; the message says everything that is wrong.</exception>
    public void Check(ReadOnlyMemory<byte> payload) => Invoker.Parse(payload);

    /// <summary>Everything that keeps the payload from being read by the handler; empty for one that fits.</summary>
    public IReadOnlyList<FieldFault> Validate(ReadOnlyMemory<byte> payload) => Invoker.Check(payload);

    internal JobInvoker Invoker { get; init; } = null!;
}
