using System.Diagnostics.Metrics;

namespace JobPipeline.Monitoring;

/// <summary>
/// The counts of jobs of one type in one lane. They are read when somebody collects: a job costs an increment each, however
/// many exporters there are.
/// </summary>
internal sealed class JobSeries(string type, string lane)
{
    private readonly KeyValuePair<string, object?> _type = new(AttributeNames.JobType, type);
    private readonly KeyValuePair<string, object?> _lane = new(AttributeNames.Destination, lane);
    private readonly long[] _attempts = new long[Outcomes.OfAttempts.Count];
    private readonly long[] _finished = new long[Outcomes.OfJobs.Count];
    private long _enqueued;
    private long _started;

    public void Enqueued() => Interlocked.Increment(ref _enqueued);

    public void Started() => Interlocked.Increment(ref _started);

    public void AttemptEnded(AttemptOutcome outcome) => Interlocked.Increment(ref _attempts[(int)outcome]);

    public void Finished(JobEnd end) => Interlocked.Increment(ref _finished[(int)end]);

    public Measurement<long> ReadEnqueued() => new(Interlocked.Read(ref _enqueued), _type, _lane);

    public Measurement<long> ReadStarted() => new(Interlocked.Read(ref _started), _type, _lane);

    /// <summary>Each outcome, seen or not: a series that begins at zero shows its first increase.</summary>
    public IEnumerable<Measurement<long>> ReadAttempts() => _attempts.Select((_, i) => new Measurement<long>(
        Interlocked.Read(ref _attempts[i]), _type, _lane, new KeyValuePair<string, object?>(AttributeNames.AttemptOutcome, Outcomes.OfAttempts[i])));

    /// <inheritdoc cref="ReadAttempts"/>
    public IEnumerable<Measurement<long>> ReadFinished() => _finished.Select((_, i) => new Measurement<long>(
        Interlocked.Read(ref _finished[i]), _type, _lane, new KeyValuePair<string, object?>(AttributeNames.JobOutcome, Outcomes.OfJobs[i])));
}
