using System.Globalization;
using JobPipeline.Jobs;

namespace JobPipeline.Testing;

/// <summary>
/// An in-memory store of job records and attempts, with the same conditions and versions as the storage adapter. It is
/// thread-safe and completes synchronously.
/// </summary>
internal sealed class InMemoryJobStore : IJobStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, Rows> _jobs = [];
    private long _version;

    /// <summary>All records, in no particular order.</summary>
    internal IReadOnlyList<JobRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _jobs.Values.Select(rows => rows.Record).OfType<JobRecord>()];
            }
        }
    }

    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_jobs.TryGetValue(id, out var rows) ? new JobSnapshot(rows.Record, rows.Attempts) : JobSnapshot.None);
        }
    }

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<TransitionResult>(cancellationToken);
        lock (_lock)
        {
            _jobs.TryGetValue(transition.Job, out var rows);
            return Task.FromResult(Holds(transition, rows)
                ? Apply(transition, rows ?? (_jobs[transition.Job] = new Rows()))
                : TransitionResult.Conflict);
        }
    }

    /// <summary>Returns the rows of every job that has a record, ordered by id.</summary>
    internal IReadOnlyList<JobSnapshot> All()
    {
        lock (_lock)
        {
            return
            [
                .. _jobs
                    .Where(job => job.Value.Record is not null)
                    .OrderBy(job => job.Key)
                    .Select(job => new JobSnapshot(job.Value.Record, [.. job.Value.Attempts])),
            ];
        }
    }

    /// <summary>Removes all rows of a job if its record is unchanged.</summary>
    internal bool TryRemove(JobRecord record)
    {
        lock (_lock)
        {
            return ReferenceEquals(_jobs.GetValueOrDefault(record.Id)?.Record, record) && _jobs.Remove(record.Id);
        }
    }

    private static bool Holds(JobTransition transition, Rows? rows)
    {
        var recordHolds = transition.Record?.Condition switch
        {
            RecordCondition.Absent => rows?.Record is null,
            RecordCondition.Present => rows?.Record is not null,
            _ => true,
        };
        return recordHolds && (transition.Attempt is not { } write || rows?.VersionOf(write.Row.Number) == write.Row.Version);
    }

    private TransitionResult Apply(JobTransition transition, Rows rows)
    {
        if (transition.Record is { } record)
        {
            rows.Record = record.Spec is not null
                ? new JobRecord(transition.Job, record.Queue!, record.Spec, record.Status)
                : rows.Record! with { Status = record.Status };
        }

        return transition.Attempt is { } write
            ? new TransitionResult(true, rows.Put(write.Row, (++_version).ToString(CultureInfo.InvariantCulture)))
            : new TransitionResult(true);
    }

    private sealed class Rows
    {
        private readonly SortedList<int, (Attempt Row, string Version)> _attempts = [];

        public JobRecord? Record { get; set; }

        public IReadOnlyList<Attempt> Attempts => [.. _attempts.Values.Select(attempt => attempt.Row with { Version = attempt.Version })];

        public string? VersionOf(int number) => _attempts.TryGetValue(number, out var attempt) ? attempt.Version : null;

        public string Put(Attempt row, string version)
        {
            _attempts[row.Number] = (row, version);
            return version;
        }
    }
}
