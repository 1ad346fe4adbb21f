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

    /// <summary>Checks a payload before it is enqueued.</summary>
    /// <exception cref="JobRejectedException">The payload does not fit the handler; the message says where.</exception>
    public void Check(ReadOnlyMemory<byte> payload) => Invoker.Parse(payload);

    internal JobInvoker Invoker { get; init; } = null!;
}
