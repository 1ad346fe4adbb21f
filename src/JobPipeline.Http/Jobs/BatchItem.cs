using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>
/// A job in a batch: the members of a message, and <see cref="Delay"/>. Unknown members are rejected, because they are probably
/// misspelled.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BatchItem
{
    public required string Type { get; init; }

    public JsonElement? Payload { get; init; }

    /// <inheritdoc cref="JobSpec.Key"/>
    public string? Key { get; init; }

    /// <summary>The time to wait before the job may start; an alternative to <see cref="NotBefore"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <inheritdoc cref="JobSpec.NotBefore"/>
    public DateTimeOffset? NotBefore { get; init; }

    /// <inheritdoc cref="JobSpec.ExpiresAt"/>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Queue { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public int? MaxAttempts { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="JobSpec.Backoff"/>
    public BackoffOverride? Backoff { get; init; }

    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="JobSpec.Tenant"/>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="JobSpec.Group"/>
    public string? Group { get; init; }

    internal JobRequest ToRequest(DateTimeOffset? notBefore) => new()
    {
        Type = Type,
        Payload = Payload is { } payload ? JsonMarshal.GetRawUtf8Value(payload).ToArray() : default,
        Key = Key,
        NotBefore = notBefore,
        ExpiresAt = ExpiresAt,
        Queue = Queue,
        Tags = Tags ?? [],
        MaxAttempts = MaxAttempts,
        Timeout = Timeout,
        Backoff = Backoff,
        CorrelationId = CorrelationId,
        Tenant = Tenant,
        Group = Group,
    };
}

/// <summary>The response to a batch.</summary>
/// <param name="Accepted">The number of items that were enqueued or are duplicates of existing jobs.</param>
/// <param name="Refused">The number of items that were rejected or failed.</param>
/// <param name="Items">A result for each item, in the order of the request.</param>
internal sealed record BatchAnswer(int Accepted, int Refused, IReadOnlyList<BatchItemAnswer> Items);

/// <summary>
/// The result of one item: a job (<c>id</c>, <c>location</c>, <c>isDuplicate</c>) or a problem (<c>type</c>, <c>title</c>,
/// <c>detail</c>, <c>errors</c>).
/// </summary>
internal sealed record BatchItemAnswer
{
    /// <summary>202 for a job; otherwise the status of the same error in a single request.</summary>
    public required int Status { get; init; }

    public JobId? Id { get; init; }

    public string? Location { get; init; }

    public bool? IsDuplicate { get; init; }

    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
