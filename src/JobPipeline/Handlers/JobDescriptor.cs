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

    /// <inheritdoc cref="JobAttribute.OnDeadLetter"/>
    public string? OnDeadLetter { get; init; }

    public TimeSpan? ExpectedDuration { get; init; }

    /// <inheritdoc cref="JobAttribute.TargetDuration"/>
    public TimeSpan? TargetDuration { get; init; }

    /// <summary>Whether jobs of the type may be packed.</summary>
    public bool MayTravelPacked => ExpectedDuration <= MaxPackedDuration;

    /// <summary>The type of the handler's payload.</summary>
    public Type PayloadType => Invoker.PayloadType;

    /// <summary>The type of the handler's result; null when it declares none.</summary>
    public Type? ResultType => Invoker.ResultType;

    /// <summary>Checks a payload before it is enqueued.</summary>
    /// <exception cref="JobRejectedException">The payload does not fit the handler; the message contains all validation errors.</exception>
    public void Check(ReadOnlyMemory<byte> payload) => Invoker.Parse(payload);

    /// <summary>Validates a payload and returns all validation errors; empty when the handler can read it.</summary>
    public IReadOnlyList<FieldFault> Validate(ReadOnlyMemory<byte> payload) => Invoker.Check(payload);

    internal JobInvoker Invoker { get; init; } = null!;
}
