using System.Diagnostics.Metrics;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.Diagnostics;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of which instruments are measured and how they are read.</summary>
public sealed class AlertMeasurementsTests
{
    private readonly VirtualTimeProvider _time = new();
    private readonly CapturedLog _log = new();

    [Fact]
    public void Read_WithSeveralHostsInOneProcess_ReturnsOnlyItsOwn()
    {
        using var mine = new MeasuredMeters();
        using var theirs = new MeasuredMeters();
        var (metrics, others) = (new JobMetrics(mine), new JobMetrics(theirs));
        using var measurements = Of(metrics, Rule("jobpipeline.jobs.overdue"));

        metrics.Overdue(3);
        others.Overdue(40);

        Assert.Equal(3, Value(measurements));
    }

    [Fact]
    public void Read_OtherMetersOfTheSameFactory_IncludesInstrumentsCreatedLater()
    {
        using var meters = new MeasuredMeters();
        using var measurements = Of(
            new JobMetrics(meters),
            Rule("a.gauge", AlertAggregate.Max),
            Rule("process.cpu.utilization", AlertAggregate.Avg));

        meters.Create(new MeterOptions("JobPipeline")).CreateObservableGauge("a.gauge", () => 7);
        meters
            .Create(new MeterOptions("Microsoft.Extensions.Diagnostics.ResourceMonitoring"))
            .CreateObservableGauge(OperatingSystem.IsLinux() ? "container.cpu.limit.utilization" : "process.cpu.utilization", () => 0.5);
        meters.Create(new MeterOptions("Somebody.Else")).CreateObservableGauge("a.gauge", () => 8);

        Assert.Equal([7, 0.5], measurements.Read(_time.GetUtcNow()).Select(read => read.Readings.Single().Value));
    }

    [Fact]
    public void Read_Gauge_ObservesItEachTime()
    {
        using var meters = new MeasuredMeters();
        var values = new Queue<double>([2, 2, 8, 4]);
        meters.Create(new MeterOptions("JobPipeline")).CreateObservableGauge("a.gauge", values.Dequeue);
        using var measurements = Of(new JobMetrics(meters), Rule("a.gauge", AlertAggregate.Max), Rule("a.gauge", AlertAggregate.Avg));

        double?[] Read(int minute) =>
            [.. measurements.Read(_time.GetUtcNow().AddMinutes(minute)).Select(read => read.Readings.Single().Value)];

        // Once more at the start.
        Assert.Equal([2, 2], Read(0));
        Assert.Equal([8, 4], Read(1));
        Assert.Equal([8, 4], Read(2));
    }

    [Fact]
    public void Read_WithAGaugeThatFails_ReadsTheOthersAndLogsIt()
    {
        using var meters = new MeasuredMeters();
        var meter = meters.Create(new MeterOptions("JobPipeline"));
        meter.CreateObservableGauge("bad.gauge", double () => throw new InvalidOperationException("no"));
        meter.CreateObservableGauge("a.gauge", () => 7);
        using var measurements = Of(new JobMetrics(meters), Rule("bad.gauge", AlertAggregate.Max), Rule("a.gauge", AlertAggregate.Max));

        Assert.Equal([null, 7], measurements.Read(_time.GetUtcNow()).Select(read => read.Readings.Single().Value));
        Assert.Contains(_log.Entries, entry => entry.Event.Id == 1707);
    }

    [Fact]
    public void Read_ObservableCounter_CountsTheIncrease()
    {
        using var meters = new MeasuredMeters();
        var totals = new Dictionary<string, long>(StringComparer.Ordinal) { ["failed"] = 100 };
        meters
            .Create(new MeterOptions("JobPipeline"))
            .CreateObservableCounter("a.total", () =>
                totals.Select(total => new Measurement<long>(total.Value, new KeyValuePair<string, object?>("outcome", total.Key))));
        var rule = Rule("a.total") with
        {
            Filter = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["outcome"] = ["failed", "lost"] },
        };
        using var measurements = Of(new JobMetrics(meters), rule);

        Assert.Equal(0, Value(measurements));
        totals["failed"] = 103;
        totals["lost"] = 4;
        totals["succeeded"] = 9;
        Assert.Equal(7, Value(measurements));
        _time.Advance(TimeSpan.FromMinutes(1));
        totals["lost"] = 5;
        Assert.Equal(8, Value(measurements));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Value(measurements));
    }

    [Fact]
    public void Read_JobAttempts_CountsThem()
    {
        using var meters = new MeasuredMeters();
        var metrics = new JobMetrics(meters);
        metrics.AttemptEnded("mail.send", "jobs", AttemptOutcome.Failed, TimeSpan.Zero, null, null);
        using var measurements = Of(metrics, Rule("jobpipeline.attempts") with
        {
            Filter = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["jobpipeline.attempt.outcome"] = ["failed"] },
        });

        metrics.AttemptEnded("mail.send", "jobs", AttemptOutcome.Failed, TimeSpan.Zero, null, null);
        metrics.AttemptEnded("mail.send", "jobs", AttemptOutcome.Succeeded, TimeSpan.Zero, null, null);
        metrics.AttemptEnded(AlertJobs.Webhook, "jobs-high", AttemptOutcome.Failed, TimeSpan.Zero, null, null);

        Assert.Equal(1, Value(measurements));
    }

    [Fact]
    public void Instruments_ThatNoRuleNames_AreNotEnabled()
    {
        using var meters = new SilentMeters();
        using var measurements = Of(new JobMetrics(meters), Rule("jobpipeline.jobs.overdue"));
        var meter = meters.Create(new MeterOptions("JobPipeline"));

        Assert.False(meter.CreateCounter<long>("jobpipeline.other").Enabled);
        Assert.True(meter.CreateCounter<long>("jobpipeline.jobs.overdue").Enabled);
    }

    [Fact]
    public void Read_RequiredSeries_ReportsWhetherAWholeWindowWasMeasured()
    {
        using var meters = new MeasuredMeters();
        using var measurements = Of(new JobMetrics(meters), Rule("jobpipeline.jobs.overdue") with { Operator = AlertOperator.Below });

        Assert.Null(Value(measurements));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Value(measurements));
    }

    private AlertMeasurements Of(JobMetrics metrics, params AlertRule[] rules) =>
        new(new AlertRules(rules, new AlertOptions()), metrics, _time, new CapturedLogger<AlertMeasurements>(_log));

    private double? Value(AlertMeasurements measurements) => measurements.Read(_time.GetUtcNow()).Single().Readings.Single().Value;

    private static AlertRule Rule(string metric, AlertAggregate aggregate = AlertAggregate.Sum) =>
        AlertSamples.Rule() with
        {
            Metric = metric,
            Aggregate = aggregate,
        };
}
