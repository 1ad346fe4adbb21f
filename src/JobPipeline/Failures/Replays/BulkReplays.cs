using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.Replays;

/// <summary>Replays many dead letters, by jobs of their own.</summary>
internal sealed class BulkReplays
{
    /// <summary>The maximum rate, in replays per second.</summary>
    public const int MaxPerSecond = 1000;

    /// <summary>The default rate, in replays per second.</summary>
    public const int DefaultPerSecond = 10;

    /// <summary>Longer than any bulk replay takes: at one per second, it replays more than two million dead letters in that time.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly JobClient _jobs;
    private readonly IDeadLetterStore _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger<BulkReplays> _logger;

    public BulkReplays(JobClient jobs, IDeadLetterStore deadLetters, TimeProvider time, ILogger<BulkReplays> logger) =>
        (_jobs, _deadLetters, _time, _logger) = (jobs, deadLetters, time, logger);

    /// <summary>
    /// Enqueues the job that replays the dead letters that match the filter and were not replayed yet. Dead letters recorded from now
    /// on are left alone, so that its own failures are not replayed again.
    /// </summary>
    /// <param name="filter">The filter; <see cref="DeadLetterFilter.IsReplayed"/> is ignored.</param>
    /// <param name="perSecond">The maximum number of replays per second, 1 to <see cref="MaxPerSecond"/>.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<JobId> StartAsync(DeadLetterFilter filter, int perSecond, string by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perSecond, MaxPerSecond);
        var now = _time.GetUtcNow();
        var payload = new BulkReplayPayload
        {
            Filter = filter,
            Until = now,
            PerSecond = perSecond,
            By = new ReplayRequest(default, by).KeptBy,
        };
        var request = JobRequest.For(BulkReplayJob.Type, payload) with { ExpiresAt = now + Lifetime };
        var job = await _jobs.EnqueueAsync(request, cancellationToken);
        ReplayLog.BulkStarted(_logger, job.Id, by, filter);
        return job.Id;
    }

    /// <summary>Counts the dead letters that <see cref="StartAsync"/> would replay.</summary>
    public Task<DeadLetterCounts> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        DeadLetterCounts.OfAsync(_deadLetters, filter with { IsReplayed = false }, cancellationToken);
}
