using System.Collections.Concurrent;
using JobPipeline.Failures.Replays;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.DeadLetters;

/// <summary>What one step of a purge did.</summary>
/// <param name="Removed">How many letters it removed.</param>
/// <param name="Next">From where to go on; null: nothing is left that matches.</param>
public readonly record struct PurgeStep(int Removed, JobId? Next);

/// <summary>Removes dead letters for good. The jobs that they were stay on record for their time.</summary>
public sealed class DeadLetterPurge
{
    /// <summary>Most letters of one step.</summary>
    public const int MaxStep = 1000;

    private const int AtATime = 16;
    private const int MaxCalls = 5;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    private readonly IDeadLetterStore _letters;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetterPurge> _logger;

    internal DeadLetterPurge(IDeadLetterStore letters, TimeProvider time, ILogger<DeadLetterPurge> logger) => (_letters, _time, _logger) = (letters, time, logger);

    /// <summary>False: there was none.</summary>
    public async Task<bool> RemoveAsync(JobId letter, string by, CancellationToken cancellationToken = default)
    {
        var removed = await _letters.RemoveAsync(letter, cancellationToken);
        if (removed)
            ReplayLog.Removed(_logger, letter, by);
        return removed;
    }

    /// <summary>How many letters the filter matches.</summary>
    public Task<DeadLetterCounts> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        DeadLetterCounts.OfAsync(_letters, filter, cancellationToken);

    /// <summary>
    /// Removes letters that match, newest first; the work of one call is bounded, by their number and by time. Where it is
    /// cut off, what it had removed stays removed.
    /// </summary>
    /// <param name="filter">Which ones. Nothing keeps a filter without any bound from matching them all: that is for the caller to see.</param>
    /// <param name="before">Where the step before left off; null: begin.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PurgeStep> StepAsync(DeadLetterFilter filter, JobId? before, string by, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var removed = 0;
        try
        {
            for (var calls = 0; calls < MaxCalls && removed < MaxStep && _time.GetElapsedTime(started) < MaxTime; calls++)
            {
                var page = await _letters.ListAsync(filter, before, MaxStep - removed, cancellationToken);
                removed += await RemoveAsync(page.Letters, cancellationToken);
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
        var waiting = new ConcurrentQueue<JobId>(page.Select(letter => letter.Id));
        var removed = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            var count = 0;
            while (waiting.TryDequeue(out var letter))
                count += await _letters.RemoveAsync(letter, cancellationToken) ? 1 : 0;
            return count;
        }));
        return removed.Sum();
    }
}
