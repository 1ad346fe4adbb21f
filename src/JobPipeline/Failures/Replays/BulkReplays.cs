using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.Replays;

/// <summary>Replays of many dead letters at once, as jobs of their own.</summary>
public sealed class BulkReplays
{
    /// <summary>Most replays a second that can be asked for.</summary>
    public const int MaxPerSecond = 1000;

    /// <summary>Replays a second, where nothing else is asked for.</summary>
    public const int DefaultPerSecond = 10;

    /// <summary>Longer than any of them takes: one a second makes its way through two million letters.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly JobClient _jobs;
    private readonly IDeadLetterStore _letters;
    private readonly TimeProvider _time;
    private readonly ILogger<BulkReplays> _logger;

    internal BulkReplays(JobClient jobs, IDeadLetterStore letters, TimeProvider time, ILogger<BulkReplays> logger) =>
        (_jobs, _letters, _time, _logger) = (jobs, letters, time, logger);

    /// <summary>
    /// Enqueues the job that replays what the filter matches and was not replayed yet. Letters that are kept from now on are
    /// left alone, so that its own failures do not come round again.
    /// </summary>
    /// <param name="filter">Which letters; <see cref="DeadLetterFilter.IsReplayed"/> does not matter.</param>
    /// <param name="perSecond">Most replays a second, 1 to <see cref="MaxPerSecond"/>.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JobId> StartAsync(DeadLetterFilter filter, int perSecond, string by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perSecond, MaxPerSecond);
        var now = _time.GetUtcNow();
        var payload = new BulkReplayPayload { Filter = filter, Until = now, PerSecond = perSecond, By = new ReplayRequest(default, by).KeptBy };
        var job = await _jobs.EnqueueAsync(JobRequest.For(BulkReplayJob.Type, payload) with { ExpiresAt = now + Lifetime }, cancellationToken);
        ReplayLog.BulkStarted(_logger, job.Id, by, filter);
        return job.Id;
    }

    /// <summary>How many letters <see cref="StartAsync"/> would replay.</summary>
    public Task<DeadLetterCounts> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        DeadLetterCounts.OfAsync(_letters, filter with { IsReplayed = false }, cancellationToken);
}
