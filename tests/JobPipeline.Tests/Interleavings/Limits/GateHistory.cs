using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>What happened in a run, by the true clock, and whether it kept the promises.</summary>
internal sealed class GateHistory(GateScenario scenario, TimeProvider time)
{
    private readonly List<(JobId Job, string Instance)> _running = [];
    private readonly List<DateTimeOffset> _starts = [];
    private readonly List<string> _notes = [];

    public string? Broken { get; private set; }

    public IEnumerable<string> Notes => _notes.TakeLast(60);

    public void Started(JobId job, string instance)
    {
        _running.Add((job, instance));
        Note($"{instance} starts {job.Value.ToString()[^4..]}: {_running.Count} run");
        if (_running.Count > scenario.MaxRunning + (long)scenario.Expedites)
            Broken ??= $"{_running.Count} run, {scenario.MaxRunning} may, and {scenario.Expedites} beyond that";
        if (scenario.Names.Length > 0)
            Count();
    }

    /// <summary>A running job has a permit for a call.</summary>
    public void Called(JobId job, string instance)
    {
        Note($"{instance} calls for {job.Value.ToString()[^4..]}");
        Count();
    }

    public void Ended(JobId job, string instance)
    {
        _running.Remove((job, instance));
        Note($"{instance} ends {job.Value.ToString()[^4..]}: {_running.Count} run");
    }

    public void Died(string instance)
    {
        _running.RemoveAll(run => run.Instance == instance);
        Note($"{instance} dies");
    }

    public void Note(string text) => _notes.Add($"{time.GetUtcNow():HH:mm:ss.fff} {text}");

    private void Count()
    {
        _starts.Add(time.GetUtcNow());
        if (scenario.Rate is { } rate)
            CheckRate(rate.Count, rate.Period, rate.Burst);
    }

    /// <summary>In every span of time that ends now: at most the rate times the span and the skew, plus the burst.</summary>
    private void CheckRate(int count, TimeSpan period, int burst)
    {
        for (var i = _starts.Count - 1; i >= 0; i--)
        {
            var span = _starts[^1] - _starts[i] + TimeSpan.FromSeconds(2);
            if (_starts.Count - i > (count * (span / period)) + burst)
                Broken ??= $"{_starts.Count - i} starts within {_starts[^1] - _starts[i]}";
        }
    }
}
