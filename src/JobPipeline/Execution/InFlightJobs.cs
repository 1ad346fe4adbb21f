using System.Collections.Concurrent;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>A job that an instance has claimed and not yet settled.</summary>
public sealed record InFlightJob(JobId Job, int Attempt, string Lane);

/// <summary>The jobs that this instance has claimed and not yet settled.</summary>
internal sealed class InFlightJobs
{
    private readonly ConcurrentDictionary<long, InFlightJob> _jobs = new();
    private long _serial;

    public int Count => _jobs.Count;

    /// <summary>
    /// The jobs that have been in flight for longest, at most <paramref name="max"/>: they are the most likely to be in flight still
    /// when this process dies.
    /// </summary>
    public IReadOnlyList<InFlightJob> Longest(int max) => [.. _jobs.OrderBy(job => job.Key).Take(max).Select(job => job.Value)];

    /// <summary>Adds the job until the returned value is disposed of.</summary>
    public IDisposable Enter(InFlightJob job)
    {
        var serial = Interlocked.Increment(ref _serial);
        _jobs[serial] = job;
        return new Flight(_jobs, serial);
    }

    private sealed class Flight(ConcurrentDictionary<long, InFlightJob> jobs, long serial) : IDisposable
    {
        public void Dispose() => jobs.TryRemove(serial, out _);
    }
}
