using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>One job of a batch: the members of a message, and <see cref="Delay"/>. A member that is not known is refused, for it is a misspelt one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchItem
{
    public required string Type { get; init; }

    public JsonElement? Payload { get; init; }

    /// <inheritdoc cref="JobSpec.Key"/>
    public string? Key { get; init; }

    /// <summary>Not to start before so long from now; instead of <see cref="NotBefore"/>.</summary>
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
    };
}

/// <summary>The answer to a batch.</summary>
/// <param name="Accepted">How many items are jobs now, or were before.</param>
/// <param name="Refused">How many are not.</param>
/// <param name="Items">An answer for each item, in their order.</param>
public sealed record BatchAnswer(int Accepted, int Refused, IReadOnlyList<BatchItemAnswer> Items);

/// <summary>What became of one item: a job (<c>id</c>, <c>location</c>, <c>isDuplicate</c>) or a problem (<c>type</c>, <c>title</c>, <c>detail</c>, <c>errors</c>).</summary>
public sealed record BatchItemAnswer
{
    /// <summary>202 for a job, else the status that the item alone would have been refused with.</summary>
    public required int Status { get; init; }

    public JobId? Id { get; init; }

    public string? Location { get; init; }

    public bool? IsDuplicate { get; init; }

    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
