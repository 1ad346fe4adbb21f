using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>Stores dead letters.</summary>
public interface IDeadLetterStore
{
    /// <summary>The maximum number of dead letters on a page.</summary>
    const int MaxLimit = 1000;

    /// <summary>Stores a dead letter. Idempotent: an existing one with the same id is left unchanged.</summary>
    Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken);

    /// <summary>Reads a dead letter. Returns null if it does not exist.</summary>
    Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the replays of a dead letter if it is unchanged since it was read. Returns false if it was changed or removed.
    /// </summary>
    Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the dead letters with ids older than <paramref name="before"/>, newest first, at most <paramref name="limit"/> (1 to
    /// <see cref="MaxLimit"/>). The work of one call is bounded: when few match, it may return fewer than requested, or none, along
    /// with where to continue.
    /// </summary>
    Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a dead letter. Returns false if it does not exist.</summary>
    Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken);
}
