using System.Collections.Concurrent;
using JobPipeline.Failures.Replays;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>The result of one step of a purge.</summary>
/// <param name="Removed">The number of dead letters removed.</param>
/// <param name="Next">Where the next step continues; null when no more dead letters match.</param>
internal readonly record struct PurgeStep(int Removed, JobId? Next);

/// <summary>Removes dead letters permanently. The records of their jobs are kept for the retention.</summary>
internal sealed class DeadLetterPurge
{
    /// <summary>The maximum number of dead letters removed by one step.</summary>
    public const int MaxStep = 1000;

    private const int MaxParallel = 16;
    private const int MaxCalls = 5;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    private readonly IDeadLetterStore _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetterPurge> _logger;

    public DeadLetterPurge(IDeadLetterStore deadLetters, TimeProvider time, ILogger<DeadLetterPurge> logger) =>
        (_deadLetters, _time, _logger) = (deadLetters, time, logger);

    /// <summary>Removes a dead letter. Returns false if it does not exist.</summary>
    public async Task<bool> RemoveAsync(JobId deadLetter, string by, CancellationToken cancellationToken = default)
    {
        var removed = await _deadLetters.RemoveAsync(deadLetter, cancellationToken);
        if (removed)
            ReplayLog.Removed(_logger, deadLetter, by);
        return removed;
    }

    /// <summary>Counts the dead letters that match the filter.</summary>
    public Task<DeadLetterCounts> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        DeadLetterCounts.OfAsync(_deadLetters, filter, cancellationToken);

    /// <summary>
    /// Removes matching dead letters, newest first. The work of one call is bounded, both in number and in time. After a
    /// cancellation, dead letters already removed stay removed.
    /// </summary>
    /// <param name="filter">The filter. An empty filter matches all dead letters; the caller has to guard against it.</param>
    /// <param name="before">Where the previous step ended; null for the first step.</param>
    /// <param name="by">Who requested it.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    public async Task<PurgeStep> StepAsync(DeadLetterFilter filter, JobId? before, string by, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var removed = 0;
        try
        {
            for (var calls = 0; calls < MaxCalls && removed < MaxStep && _time.GetElapsedTime(started) < MaxTime; calls++)
            {
                var page = await _deadLetters.ListAsync(filter, before, MaxStep - removed, cancellationToken);
                removed += await RemoveAsync(page.DeadLetters, cancellationToken);
                before = page.Next;
                if (before is null)
                    break;
            }
        }
        finally
        {
            if (removed > 0)
                ReplayLog.Purged(_logger, removed, by, filter);
        }

        return new PurgeStep(removed, before);
    }

    private async Task<int> RemoveAsync(IReadOnlyList<DeadLetterSummary> page, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<JobId>(page.Select(deadLetter => deadLetter.Id));
        var removed = await Task.WhenAll(Enumerable.Range(0, MaxParallel).Select(async _ =>
        {
            var count = 0;
            while (waiting.TryDequeue(out var deadLetter))
                count += await _deadLetters.RemoveAsync(deadLetter, cancellationToken) ? 1 : 0;
            return count;
        }));
        return removed.Sum();
    }
}
