namespace JobPipeline.Jobs;

/// <summary>A unique key and the first producer's message under it.</summary>
/// <param name="Type">The job type; keys of different types never meet.</param>
/// <param name="Key">The key as the producer gave it.</param>
/// <param name="Holder">The job that holds it.</param>
/// <param name="Queue">The queue of the holder.</param>
/// <param name="Envelope">The holder's message, to send again should its job never have got a record.</param>
/// <param name="ExpiresAt">From here on the key is free.</param>
public sealed record UniqueKey(string Type, string Key, JobId Holder, string Queue, ReadOnlyMemory<byte> Envelope, DateTimeOffset ExpiresAt)
{
    /// <summary>The stored row's version; null before it was stored.</summary>
    public string? Version { get; init; }
}

/// <summary>Keeps unique keys.</summary>
public interface IUniqueKeyStore
{
    /// <summary>
    /// Inserts the key where it is absent, or replaces the row of <see cref="UniqueKey.Version"/> where that is set.
    /// False: somebody was faster.
    /// </summary>
    Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken);

    /// <summary>The row under the key, expired or not; null when there is none.</summary>
    Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken);
}
