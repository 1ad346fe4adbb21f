using JobPipeline.Alerts.Notices;
using JobPipeline.Diagnostics;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>An instrument that rules name, and the views that they have of it.</summary>
internal sealed class InstrumentTap
{
    private readonly List<MeasurementTap> _taps = [];

    public void Add(MeasurementTap tap) => _taps.Add(tap);

    /// <summary>What comes of jobs that send notices is not counted: an alert about failing notices would feed itself.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (ref readonly var tag in tags)
        {
            if (tag.Key == AttributeNames.JobType && tag.Value is (AlertJobs.Webhook or AlertJobs.Email))
                return;
        }

        foreach (var tap in _taps)
            tap.Add(value, tags);
    }
}
