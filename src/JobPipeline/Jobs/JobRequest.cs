using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>A request to enqueue a job.</summary>
public sealed record JobRequest
{
    /// <summary>The job type.</summary>
    public required string Type { get; init; }

    /// <summary>The payload: one UTF-8 JSON value, nested at most 61 levels deep. Empty or JSON null means no payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The queue; null means the queue of the job type.</summary>
    public string? Queue { get; init; }

    /// <inheritdoc cref="JobSpec.Key"/>
    public string? Key { get; init; }

    /// <inheritdoc cref="JobSpec.NotBefore"/>
    public DateTimeOffset? NotBefore { get; init; }

    /// <inheritdoc cref="JobSpec.ExpiresAt"/>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="JobSpec.MaxAttempts"/>
    public int? MaxAttempts { get; init; }

    /// <inheritdoc cref="JobSpec.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="JobSpec.Backoff"/>
    public BackoffOverride? Backoff { get; init; }

    /// <inheritdoc cref="JobSpec.Tags"/>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc cref="JobSpec.CorrelationId"/>
    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="JobSpec.Tenant"/>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="JobSpec.Group"/>
    public string? Group { get; init; }

    /// <summary>Creates a request with the payload serialized as JSON (web defaults: camelCase).</summary>
    public static JobRequest For<TPayload>(string type, TPayload payload) =>
        new() { Type = type, Payload = JsonSerializer.SerializeToUtf8Bytes(payload, JobJson.Options) };

    internal JobSpec ToSpec(ReadOnlyMemory<byte> payload, DateTimeOffset now) => new()
    {
        Type = Type,
        Payload = payload,
        Key = Key,
        NotBefore = NotBefore?.ToUniversalTime(),
        ExpiresAt = ExpiresAt?.ToUniversalTime(),
        MaxAttempts = MaxAttempts,
        Timeout = Timeout,
        Backoff = Backoff,
        Tags = Tags,
        CorrelationId = CorrelationId,
        Tenant = Tenant,
        Group = Group,
        EnqueuedAt = now,
    };
}
