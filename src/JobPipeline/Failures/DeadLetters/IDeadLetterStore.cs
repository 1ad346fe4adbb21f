using JobPipeline.Jobs;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>Keeps dead letters.</summary>
public interface IDeadLetterStore
{
    /// <summary>Most letters on a page.</summary>
    const int MaxLimit = 1000;

    /// <summary>Keeps it; where there is one under that id, nothing changes: a follow-up may be repeated.</summary>
    Task AddAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Null when there is none under that id.</summary>
    Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Puts down the replays of a letter as it was read. False: it was changed or removed since.</summary>
    Task<bool> TryWriteReplaysAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>
    /// The next letters with ids older than <paramref name="before"/>, newest first, at most <paramref name="limit"/>
    /// (1 to <see cref="MaxLimit"/>). The work of one call is bounded: where little matches, it returns fewer than asked for,
    /// or none, and says from where to go on.
    /// </summary>
    Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken);

    /// <summary>False: there was none.</summary>
    Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken);
}
