using JobPipeline.Alerts.Notices;
using JobPipeline.Diagnostics;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>An instrument that rules name, and its views by those rules.</summary>
internal sealed class InstrumentTap
{
    private readonly List<MeasurementTap> _taps = [];

    public void Add(MeasurementTap tap) => _taps.Add(tap);

    /// <summary>
    /// Records a measurement, except those of the jobs that send notifications: an alert about failing notifications would cause
    /// itself.
    /// </summary>
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
