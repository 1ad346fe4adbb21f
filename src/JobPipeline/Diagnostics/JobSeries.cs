using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The counts of jobs of one type in one lane. They are read when somebody collects: a job costs an increment each, however
/// many exporters there are. Attempts that succeeded and failed show from the start, since an alert rule names them; every
/// other series shows once it has counted something.
/// </summary>
internal sealed class JobSeries
{
    private readonly KeyValuePair<string, object?> _type;
    private readonly KeyValuePair<string, object?> _lane;
    private readonly bool _isRun;
    private readonly AlertedSeries[] _attempts;
    private readonly long[] _finished = new long[Outcomes.OfJobs.Count];
    private long _enqueued;
    private long _started;

    /// <param name="type">The job type.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="isRun">Whether this process has a handler for the type: without one there are no attempts.</param>
    /// <param name="scrape">Tells who collects.</param>
    public JobSeries(string type, string lane, bool isRun, MetricScrape scrape)
    {
        (_type, _lane, _isRun) = (new(AttributeNames.JobType, type), new(AttributeNames.Destination, lane), isRun);
        _attempts =
            [.. Outcomes.OfAttempts.Select(name => new AlertedSeries(scrape, _type, _lane, new(AttributeNames.AttemptOutcome, name)))];
    }

    public void Enqueued() => Interlocked.Increment(ref _enqueued);

    public void Started() => Interlocked.Increment(ref _started);

    public void AttemptEnded(AttemptOutcome outcome) => _attempts[(int)outcome].Add();

    public void Finished(JobEnd end) => Interlocked.Increment(ref _finished[(int)end]);

    public IEnumerable<Measurement<long>> ReadEnqueued() => Counted(Interlocked.Read(ref _enqueued), _type, _lane);

    public IEnumerable<Measurement<long>> ReadStarted() => Counted(Interlocked.Read(ref _started), _type, _lane);

    public IEnumerable<Measurement<long>> ReadAttempts() => _attempts
        .Where((attempts, outcome) => attempts.Count > 0 || (_isRun && Outcomes.IsAlerted((AttemptOutcome)outcome)))
        .Select(attempts => attempts.Read());

    public IEnumerable<Measurement<long>> ReadFinished() => _finished.SelectMany(
        (_, end) => Counted(Interlocked.Read(ref _finished[end]), _type, _lane, new(AttributeNames.JobOutcome, Outcomes.OfJobs[end])));

    private static IEnumerable<Measurement<long>> Counted(long count, params KeyValuePair<string, object?>[] tags) =>
        count > 0 ? [new Measurement<long>(count, tags)] : [];
}
