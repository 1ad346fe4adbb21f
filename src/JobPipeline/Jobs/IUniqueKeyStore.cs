namespace JobPipeline.Jobs;

/// <summary>A unique key with the message of the first producer that used it.</summary>
/// <param name="Type">The job type. Keys of different types are independent.</param>
/// <param name="Key">The key, as specified by the producer.</param>
/// <param name="Holder">The job that holds the key.</param>
/// <param name="Queue">The holder's queue.</param>
/// <param name="Envelope">The holder's message, to be sent again if its job never got a record.</param>
/// <param name="ExpiresAt">The time from which the key can be used again.</param>
public sealed record UniqueKey(string Type, string Key, JobId Holder, string Queue, ReadOnlyMemory<byte> Envelope, DateTimeOffset ExpiresAt)
{
    /// <summary>The version of the stored row; null before it is first stored.</summary>
    public string? Version { get; init; }
}

/// <summary>Stores unique keys.</summary>
public interface IUniqueKeyStore
{
    /// <summary>
    /// Inserts the key when it is missing, or replaces the row with version <see cref="UniqueKey.Version"/> when that is set.
    /// Returns false when a concurrent write won.
    /// </summary>
    Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken);

    /// <summary>Reads the row of the key, expired or not; returns null when there is none.</summary>
    Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken);
}
