using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>
/// Counts failures by error group, in memory, and writes the counts down every few seconds: under load far less than one
/// operation a failure. Exact as long as the process lives; what it had not written when it died is missing until a recount.
/// While the storage can't be reached it keeps counting; a write whose answer was lost is never counted twice.
/// </summary>
internal sealed class ErrorCounter
{
    private const int GroupsAtATime = 8;

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
        IErrorGroupStore store, JobMetrics metrics, WorkerIdentity worker, IOptions<ErrorGroupOptions> options, IOptions<JobPipelineOptions> pipeline, ILogger<ErrorCounter> logger)
    {
        (_store, _metrics, _options, _logger, _release) = (store, metrics, options.Value, logger, pipeline.Value.Release);
        // Short: a group's row lists the instances that have met it.
        _instance = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(worker.Name)).AsSpan(0, 6));
    }

    /// <summary>Counts a failure that is on record. Never waits for anything but other counting, and never throws.</summary>
    /// <param name="jobType">Null where that is what some sender wrote.</param>
    /// <param name="error">The failure; one without a group is not counted.</param>
    /// <param name="job">The job, or the dead letter where no job came to be.</param>
    /// <param name="attempt">Its attempt; 0 where no job came to be.</param>
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

    /// <summary>Writes down what was counted since the last time. Never throws: what could not be written is kept.</summary>
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
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = GroupsAtATime }, async (group, _) =>
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

    /// <summary>Null: there are too many to be told apart. A group that has nothing to be written makes room.</summary>
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
        group.Add(() => new ErrorTally(id, "Errors of more groups than could be told apart", "TooManyErrorGroups"), jobType, sample);
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

    private static string TypesOf(ErrorGroup group) => group.JobTypes.Count > 0 ? string.Join(", ", group.JobTypes) : "no known type";
}
