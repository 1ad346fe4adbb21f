using JobPipeline.Jobs;

namespace JobPipeline.Failures;

/// <summary>Keeps dead letters.</summary>
public interface IDeadLetterStore
{
    /// <summary>Writes or overwrites: a repeated follow-up changes nothing.</summary>
    Task WriteAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Null when there is none under that id.</summary>
    Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Newest first, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(int max, CancellationToken cancellationToken);
}
