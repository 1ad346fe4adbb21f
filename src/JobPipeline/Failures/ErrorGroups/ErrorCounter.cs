using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Counts failures by error group, in memory, and writes the counts every few seconds: under load, far less than one operation per
/// failure. The counts are exact as long as the process lives; unwritten failures of a crashed process are missing until a recount.
/// While storage is unavailable, counting continues. A write whose response was lost is never counted twice.
/// </summary>
internal sealed class ErrorCounter
{
    private const int MaxParallelGroups = 8;

    private readonly IErrorGroupStore _store;
    private readonly JobMetrics _metrics;
    private readonly ErrorGroupOptions _options;
    private readonly ILogger<ErrorCounter> _logger;
    private readonly string _instance;
    private readonly string _release;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CountedGroup> _groups = new(StringComparer.Ordinal);
    private Task _tail = Task.CompletedTask;
    private long _sequence;
    private bool _isFull;

    public ErrorCounter(
        IErrorGroupStore store,
        JobMetrics metrics,
        WorkerIdentity worker,
        IOptions<ErrorGroupOptions> options,
        IOptions<JobPipelineOptions> pipeline,
        ILogger<ErrorCounter> logger)
    {
        (_store, _metrics, _options, _logger, _release) = (store, metrics, options.Value, logger, pipeline.Value.Release);
        // Short, because a group's row lists the instances that have seen it.
        _instance = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(worker.Name)).AsSpan(0, 6));
    }

    /// <summary>Counts a recorded failure. Waits only for other counting, and never throws.</summary>
    /// <param name="jobType">The job type; null if it comes from a sender and is therefore unbounded.</param>
    /// <param name="error">The failure; one without a group is not counted.</param>
    /// <param name="job">The job; the dead letter's id if the message never became a job.</param>
    /// <param name="attempt">The attempt; 0 if the message never became a job.</param>
    public void Seen(string? jobType, AttemptError error, JobId job, int attempt)
    {
        if (error.Group is not { } group)
            return;
        _metrics.Error(jobType, error.Kind);
        var sample = new ErrorSample(job, attempt, error.At, Fingerprints.Bounded.Text(error.Message, ErrorSample.MaxMessageChars));
        var isNewlyFull = false;
        lock (_lock)
        {
            if (TryFind(group) is { } counted)
            {
                counted.Add(() => new ErrorTally(group, ErrorFingerprint.Title(error.Type, error.Message), error.Type), jobType, sample);
            }
            else
            {
                Overflow(jobType, sample);
                (isNewlyFull, _isFull) = (!_isFull, true);
            }
        }

        if (isNewlyFull)
            ErrorLog.TooMany(_logger, _options.MaxPending);
    }

    /// <summary>
    /// Writes the failures counted since the last flush. Never throws; failures that could not be written are kept for the next
    /// flush.
    /// </summary>
    public async Task FlushAsync()
    {
        var turn = new TaskCompletionSource();
        var previous = Interlocked.Exchange(ref _tail, turn.Task);
        try
        {
            await previous;
            List<CountedGroup> due;
            lock (_lock)
            {
                due = [.. _groups.Values.Where(group => !group.IsIdle)];
                _isFull = false;
            }

            var failures = new ConcurrentQueue<Exception>();
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelGroups }, async (group, _) =>
            {
                try
                {
                    await foreach (var change in group.WriteAsync(_store, Pack))
                        Announce(change);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            });
            if (failures.TryPeek(out var failure))
                ErrorLog.NotFlushed(_logger, failure, failures.Count);
        }
        finally
        {
            turn.SetResult();
        }
    }

    /// <summary>Finds or adds the group; null if there are too many. A group without pending failures is removed to make room.</summary>
    private CountedGroup? TryFind(string id)
    {
        if (_groups.TryGetValue(id, out var group))
            return group;
        if (_groups.Count >= _options.MaxPending)
        {
            if (_groups.FirstOrDefault(entry => entry.Value.IsIdle).Key is not { } idle)
                return null;
            _groups.Remove(idle);
        }

        return _groups[id] = new CountedGroup();
    }

    private void Overflow(string? jobType, ErrorSample sample)
    {
        var id = ErrorFingerprint.OfOverflow(jobType);
        if (!_groups.TryGetValue(id, out var group))
            _groups[id] = group = new CountedGroup();
        group.Add(() => new ErrorTally(id, "Errors of further groups, beyond the limit", "TooManyErrorGroups"), jobType, sample);
    }

    private ErrorBatch Pack(ErrorTally tally) => tally.ToBatch(new ErrorBatchId(_instance, Interlocked.Increment(ref _sequence)), _release);

    private void Announce(ErrorGroupChange change)
    {
        var group = change.After;
        if (change.IsNew)
        {
            _metrics.NewErrorGroup(group.JobTypes is [var type, ..] ? type : null);
            ErrorLog.New(_logger, group.Id, group.ExceptionType, TypesOf(group), group.FirstRelease);
        }
        else if (change.IsRegression)
        {
            _metrics.RegressedErrorGroup(group.JobTypes is [var type, ..] ? type : null);
            ErrorLog.Regressed(_logger, group.Id, group.ExceptionType, TypesOf(group), group.ResolvedIn, _release);
        }
    }

    private static string TypesOf(ErrorGroup group) => group.JobTypes.Count > 0 ? string.Join(", ", group.JobTypes) : "unknown type";
}
