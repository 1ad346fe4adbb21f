using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Handlers;

/// <summary>What a handler knows of the run it is in, and what it can tell the pipeline meanwhile.</summary>
public abstract class JobContext
{
    public abstract JobId JobId { get; }

    /// <summary>1 for the first attempt.</summary>
    public abstract int Attempt { get; }

    public abstract int MaxAttempts { get; }

    public abstract string? CorrelationId { get; }

    /// <summary>W3C trace context of the producer, for what the handler calls.</summary>
    public virtual string? TraceParent => null;

    /// <summary>
    /// Gets a logger of the handler's own category (its type name). Each text begins with the job's id, type and attempt, and
    /// they are in the scope together with the correlation id.
    /// </summary>
    public abstract ILogger Logger { get; }

    /// <summary>Reports progress. Cheap: kept in memory and written with the next checkpoint, heartbeat or, at the latest, a second later.</summary>
    public abstract void ReportProgress(long done, long? total = null, string? note = null);

    /// <summary>
    /// Saves where to resume, together with the last progress. Survives this attempt. When this returns it is stored.
    /// </summary>
    /// <exception cref="ArgumentException">The checkpoint is larger than 48 KiB of JSON.</exception>
    /// <exception cref="OperationCanceledException">The claim was lost: another worker goes on with the job.</exception>
    public abstract Task SaveCheckpointAsync<T>(T checkpoint, CancellationToken cancellationToken = default);

    /// <summary>The checkpoint that this or an earlier attempt saved last; default when there is none.</summary>
    public abstract ValueTask<T?> GetCheckpointAsync<T>(CancellationToken cancellationToken = default);

    /// <summary>
    /// Enqueues a child job. Its id derives from this job and <paramref name="name"/> (default: the ordinal of the call),
    /// so a handler that runs again does not enqueue twice.
    /// </summary>
    public abstract Task<JobId> EnqueueChildAsync(JobRequest request, string? name = null, CancellationToken cancellationToken = default);
}
