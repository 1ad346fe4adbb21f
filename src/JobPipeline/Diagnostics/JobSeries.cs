using System.Diagnostics.Metrics;

namespace JobPipeline.Diagnostics;

/// <summary>
/// The counts of the jobs of one type in one queue. They are read when metrics are collected: counting is one increment, regardless
/// of the number of exporters. The series of succeeded and failed attempts exist from the start, because an alert rule uses them;
/// every other series appears once it has counted something.
/// </summary>
internal sealed class JobSeries
{
    private readonly KeyValuePair<string, object?> _type;
    private readonly KeyValuePair<string, object?> _queue;
    private readonly bool _isRun;
    private readonly AlertedSeries[] _attempts;
    private readonly long[] _finished = new long[Outcomes.OfJobs.Count];
    private long _enqueued;
    private long _started;

    /// <param name="type">The job type.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="isRun">Whether this instance has a handler for the type; without one there are no attempts.</param>
    /// <param name="scrape">Tracks the collections of metrics.</param>
    public JobSeries(string type, string queue, bool isRun, MetricScrape scrape)
    {
        (_type, _queue, _isRun) = (new(AttributeNames.JobType, type), new(AttributeNames.Destination, queue), isRun);
        _attempts =
            [.. Outcomes.OfAttempts.Select(name => new AlertedSeries(scrape, _type, _queue, new(AttributeNames.AttemptOutcome, name)))];
    }

    public void Enqueued() => Interlocked.Increment(ref _enqueued);

    public void Started() => Interlocked.Increment(ref _started);

    public void AttemptEnded(AttemptOutcome outcome) => _attempts[(int)outcome].Add();

    public void Finished(JobEnd end) => Interlocked.Increment(ref _finished[(int)end]);

    public IEnumerable<Measurement<long>> ReadEnqueued() => Counted(Interlocked.Read(ref _enqueued), _type, _queue);

    public IEnumerable<Measurement<long>> ReadStarted() => Counted(Interlocked.Read(ref _started), _type, _queue);

    public IEnumerable<Measurement<long>> ReadAttempts() => _attempts
        .Where((attempts, outcome) => attempts.Count > 0 || (_isRun && Outcomes.IsAlerted((AttemptOutcome)outcome)))
        .Select(attempts => attempts.Read());

    public IEnumerable<Measurement<long>> ReadFinished() => _finished.SelectMany(
        (_, end) => Counted(Interlocked.Read(ref _finished[end]), _type, _queue, new(AttributeNames.JobOutcome, Outcomes.OfJobs[end])));

    private static IEnumerable<Measurement<long>> Counted(long count, params KeyValuePair<string, object?>[] tags) =>
        count > 0 ? [new Measurement<long>(count, tags)] : [];
}
