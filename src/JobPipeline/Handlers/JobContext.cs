using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Handlers;

/// <summary>The context of a running handler: what it knows about its run, and what it can report to the pipeline.</summary>
public abstract class JobContext
{
    public abstract JobId JobId { get; }

    /// <summary>The attempt number; 1 for the first attempt.</summary>
    public abstract int Attempt { get; }

    public abstract int MaxAttempts { get; }

    public abstract string? CorrelationId { get; }

    /// <summary>The W3C trace context of the producer, for calls that the handler makes.</summary>
    public virtual string? TraceParent => null;

    /// <summary>
    /// Gets a logger of the handler's own category (its type name). Each text begins with the job's id, type and attempt; the
    /// scope contains them and the correlation id.
    /// </summary>
    public abstract ILogger Logger { get; }

    /// <summary>
    /// Gets the configured limits, for calls that count against them. The default, for a context of your own in a test, lets every call
    /// pass.
    /// </summary>
    public virtual IJobLimits Limits => OpenLimits.Instance;

    /// <summary>
    /// Reports progress. Cheap: kept in memory and written with the next checkpoint or heartbeat, at the latest a second later.
    /// </summary>
    public abstract void ReportProgress(long done, long? total = null, string? note = null);

    /// <summary>
    /// Saves a checkpoint to resume from, together with the last progress. It survives this attempt. When the method returns, the
    /// checkpoint is stored.
    /// </summary>
    /// <exception cref="ArgumentException">The checkpoint is larger than 48 KiB of JSON.</exception>
    /// <exception cref="OperationCanceledException">The claim was lost: another worker continues with the job.</exception>
    public abstract Task SaveCheckpointAsync<T>(T checkpoint, CancellationToken cancellationToken = default);

    /// <summary>Gets the last checkpoint of this or an earlier attempt; default when there is none.</summary>
    public abstract ValueTask<T?> GetCheckpointAsync<T>(CancellationToken cancellationToken = default);

    /// <summary>
    /// Enqueues a child job. Its id derives from this job and <paramref name="name"/> (default: the ordinal of the call), so a
    /// handler that runs again does not enqueue the child twice.
    /// </summary>
    public abstract Task<JobId> EnqueueChildAsync(JobRequest request, string? name = null, CancellationToken cancellationToken = default);
}
