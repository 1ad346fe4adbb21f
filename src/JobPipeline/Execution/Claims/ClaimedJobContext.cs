using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution.Claims;

/// <summary>The context of a handler's run.</summary>
/// <param name="job">The job, which is claimed.</param>
/// <param name="store">Holds the rows of earlier attempts.</param>
/// <param name="client">Enqueues child jobs.</param>
/// <param name="time">The clock.</param>
/// <param name="lease">How long a claim lasts.</param>
/// <param name="logger">The executor's own logger.</param>
/// <param name="handlers">The logger of the handler's category.</param>
/// <param name="limits">The limits as the job sees them.</param>
internal sealed class ClaimedJobContext(
    JobExecution job,
    IJobStore store,
    JobClient client,
    TimeProvider time,
    TimeSpan lease,
    ILogger logger,
    Func<ILogger> handlers,
    IJobLimits limits)
    : JobContext, IDisposable
{
    private const int MaxCheckpointBytes = 48 * 1024;
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromSeconds(1);

    private readonly JobClaim _claim = job.Claim!;
    private int _children;
    private ITimer? _flush;
    private ILogger? _logger;

    /// <summary>The fence of this run.</summary>
    public Guid ClaimId => _claim.Row.ClaimId;

    public override JobId JobId => job.Id;

    public override int Attempt => _claim.Row.Number;

    public override int MaxAttempts => job.MaxAttempts;

    public override string? CorrelationId => job.Spec.CorrelationId;

    public override string? TraceParent => job.Spec.TraceParent;

    public override ILogger Logger => _logger ??= new JobLogger(handlers(), JobId, job.Spec.Type, Attempt);

    public override IJobLimits Limits => limits;

    public override void ReportProgress(long done, long? total = null, string? note = null)
    {
        _claim.Progress = new JobProgress(done, total, note is { Length: > 200 } ? note[..200] : note);
        _flush ??= time.CreateTimer(static state => ((ClaimedJobContext)state!).Flush(), this, ProgressDelay, Timeout.InfiniteTimeSpan);
    }

    public override async Task SaveCheckpointAsync<T>(T checkpoint, CancellationToken cancellationToken = default)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(checkpoint, JobJson.Options);
        if (bytes.Length > MaxCheckpointBytes)
            throw new ArgumentException(WhyTooLarge(bytes.Length), nameof(checkpoint));
        if (!await _claim.SaveAsync(bytes, time.GetUtcNow() + lease, cancellationToken))
            throw new OperationCanceledException($"The claim of job {JobId} was lost: another worker may run it.", _claim.Interrupted);
    }

    public override async ValueTask<T?> GetCheckpointAsync<T>(CancellationToken cancellationToken = default)
        where T : default
    {
        var bytes = _claim.Row.Checkpoint;
        if (bytes.IsEmpty && Attempt > 1)
        {
            var rows = job.Rows ?? await store.ReadAsync(JobId, cancellationToken);
            bytes = rows.Attempts.LastOrDefault(a => !a.Checkpoint.IsEmpty)?.Checkpoint ?? default;
        }

        return bytes.IsEmpty ? default : JsonSerializer.Deserialize<T>(bytes.Span, JobJson.Options);
    }

    public override async Task<JobId> EnqueueChildAsync(
        JobRequest request, string? name = null, CancellationToken cancellationToken = default)
    {
        var child = JobId.ForChild(JobId, name ?? $"#{Interlocked.Increment(ref _children)}");
        var mayExist = Attempt > 1 || job.Rows is not null;
        var traced = request with
        {
            CorrelationId = request.CorrelationId ?? CorrelationId ?? JobId.ToString(),
            Tenant = request.Tenant ?? job.Spec.Tenant,
            Group = request.Group ?? job.Spec.Group,
        };
        await client.EnqueueChildAsync(child, JobId, TraceParent, traced, mayExist, cancellationToken);
        return child;
    }

    public void Dispose() => _flush?.Dispose();

    private string WhyTooLarge(int bytes) =>
        $"The checkpoint of job {JobId} has {bytes} bytes; the limit is {MaxCheckpointBytes}. Save a position, not the data.";

    private void Flush()
    {
        _flush = null;
        _ = FlushAsync();
    }

    private async Task FlushAsync()
    {
        try
        {
            await _claim.RenewAsync(time.GetUtcNow() + lease, CancellationToken.None);
        }
        catch (Exception e)
        {
            ExecutionLog.HeartbeatFailed(logger, e, JobId, job.Spec.Type, Attempt);
        }
    }
}
