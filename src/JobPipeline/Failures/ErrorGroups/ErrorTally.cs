namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Accumulates the failures of one group. Not thread-safe.</summary>
internal sealed class ErrorTally(string group, string title, string exceptionType)
{
    private readonly Dictionary<DateOnly, long> _days = [];
    private readonly List<string> _jobTypes = [];
    private readonly Queue<ErrorSample> _samples = new(ErrorGroup.MaxSamples);
    private DateTimeOffset _firstAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _lastAt = DateTimeOffset.MinValue;

    public void Add(string? jobType, ErrorSample sample)
    {
        Count(DateOnly.FromDateTime(sample.At.UtcDateTime), 1);
        Name(jobType);
        Keep(sample);
        (_firstAt, _lastAt) = (sample.At < _firstAt ? sample.At : _firstAt, sample.At > _lastAt ? sample.At : _lastAt);
    }

    public ErrorBatch ToBatch(ErrorBatchId id, string release) => new()
    {
        Id = id,
        Group = group,
        Title = title,
        ExceptionType = exceptionType,
        JobTypes = [.. _jobTypes],
        Release = release,
        Days = [.. _days.Select(day => new ErrorDay(day.Key, day.Value))],
        FirstAt = _firstAt,
        LastAt = _lastAt,
        Samples = [.. _samples],
    };

    private void Count(DateOnly day, long count)
    {
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _) += count;
        // Only reached after an outage of weeks.
        if (_days.Count > ErrorGroup.MaxDays)
            _days.Remove(_days.Keys.Min());
    }

    private void Name(string? jobType)
    {
        if (jobType is not null && _jobTypes.Count < ErrorGroup.MaxJobTypes && !_jobTypes.Contains(jobType, StringComparer.Ordinal))
            _jobTypes.Add(jobType);
    }

    private void Keep(ErrorSample sample)
    {
        if (_samples.Count == ErrorGroup.MaxSamples)
            _samples.Dequeue();
        _samples.Enqueue(sample);
    }
}
