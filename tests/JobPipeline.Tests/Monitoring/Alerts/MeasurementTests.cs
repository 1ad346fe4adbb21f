using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests of how measurements are aggregated: windows, filters, attributes and values.</summary>
public sealed class MeasurementTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> All = new(StringComparer.Ordinal);

    [Fact]
    public void Series_OverTime_SumsOnlyItsWindow()
    {
        var series = new MeasuredSeries(TimeSpan.FromMinutes(1));
        series.Add(new Measured(5, 2, 4), AlertSamples.Start);
        series.Add(new Measured(1, 1, 1), AlertSamples.Start.AddSeconds(9));
        series.Add(new Measured(7, 1, 7), AlertSamples.Start.AddSeconds(30));

        Assert.Equal(new Measured(13, 4, 7), series.Within(AlertSamples.Start.AddSeconds(59)));
        Assert.Equal(new Measured(7, 1, 7), series.Within(AlertSamples.Start.AddSeconds(60)));
        Assert.Equal(new Measured(7, 1, 7), series.Within(AlertSamples.Start.AddSeconds(89)));
        Assert.Equal(Measured.Nothing, series.Within(AlertSamples.Start.AddSeconds(90)));
    }

    [Fact]
    public void Series_WhenTheClockGoesBack_CountsMeasurementsAsCurrent()
    {
        var series = new MeasuredSeries(TimeSpan.FromMinutes(1));
        series.Add(new Measured(1, 1, 1), AlertSamples.Start.AddSeconds(30));
        series.Add(new Measured(2, 1, 2), AlertSamples.Start);

        Assert.Equal(new Measured(3, 2, 2), series.Within(AlertSamples.Start.AddSeconds(30)));
    }

    [Fact]
    public void Tap_WithAFilter_CountsMeasurementsThatMatchAllOfIt()
    {
        var tap = new MeasurementTap(
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["outcome"] = ["failed", "lost"], ["met"] = ["false"] },
            null,
            TimeSpan.FromMinutes(5));

        tap.Add(1, [new("outcome", "failed"), new("met", false)]);
        tap.Add(10, [new("met", "false"), new("type", "x"), new("outcome", "lost")]);
        tap.Add(100, [new("outcome", "failed"), new("met", true)]);
        tap.Add(1_000, [new("outcome", "succeeded"), new("met", false)]);
        tap.Add(10_000, [new("outcome", "failed")]);

        Assert.Equal(11, tap.Read(AlertSamples.Start)[""].Sum);
    }

    [Fact]
    public void Tap_ByAnAttribute_SeparatesItsValuesUpToALimit()
    {
        var tap = new MeasurementTap(All, "name", TimeSpan.FromMinutes(5));

        for (var i = 0; i < MeasurementTap.MaxValues + 50; i++)
            tap.Add(1, [new("name", $"v{i}")]);
        tap.Add(1, [new("name", "v0")]);
        var read = tap.Read(AlertSamples.Start);

        Assert.Equal(MeasurementTap.MaxValues + 1, read.Count);
        Assert.Equal((2.0, 50.0), (read["v0"].Sum, read[MeasurementTap.Other].Sum));
    }

    [Fact]
    public void Tap_WithAValueNotSeenInTheWindow_FreesItsPlace()
    {
        var tap = new MeasurementTap(All, "name", TimeSpan.FromMinutes(5));
        for (var i = 0; i < MeasurementTap.MaxValues; i++)
            tap.Add(1, [new("name", $"v{i}")]);
        tap.Read(AlertSamples.Start);

        Assert.Empty(tap.Read(AlertSamples.Start.AddMinutes(6)));
        tap.Add(1, [new("name", "new")]);
        Assert.Equal(["new"], tap.Read(AlertSamples.Start.AddMinutes(6)).Keys);
    }

    [Fact]
    public void Instrument_OfNotificationJobs_IsNotCounted()
    {
        var instrument = new InstrumentTap();
        var tap = new MeasurementTap(All, null, TimeSpan.FromMinutes(5));
        instrument.Add(tap);

        instrument.Record(1, [new("jobpipeline.job.type", AlertJobs.Webhook)]);
        instrument.Record(1, [new("other", 1), new("jobpipeline.job.type", "alert.email")]);
        instrument.Record(1, [new("jobpipeline.job.type", "mail.send")]);
        instrument.Record(1, [new("other", AlertJobs.Webhook)]);

        Assert.Equal(2, tap.Read(AlertSamples.Start)[""].Sum);
    }

    [Fact]
    public void Instrument_WithKnownValues_AllocatesNothing()
    {
        var instrument = new InstrumentTap();
        instrument.Add(
            new MeasurementTap(
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["outcome"] = ["failed"] },
                "type",
                TimeSpan.FromMinutes(5)));
        instrument.Add(new MeasurementTap(All, null, TimeSpan.FromMinutes(5)));
        KeyValuePair<string, object?>[] tags = [new("type", "mail.send"), new("outcome", "failed"), new("met", true)];
        instrument.Record(1, tags);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
            instrument.Record(1, tags);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(nameof(AlertAggregate.Sum), 6.0)]
    [InlineData(nameof(AlertAggregate.Max), 5.0)]
    [InlineData(nameof(AlertAggregate.Avg), 2.0)]
    public void Reading_OfEachAggregate_ReturnsItsValue(string aggregate, double expected) =>
        Assert.Equal(expected, Only(AlertSamples.Rule() with { Aggregate = Enum.Parse<AlertAggregate>(aggregate) }, new Measured(6, 3, 5)));

    [Theory]
    [InlineData(nameof(AlertAggregate.Sum), 0.0)]
    [InlineData(nameof(AlertAggregate.Max), null)]
    [InlineData(nameof(AlertAggregate.Avg), null)]
    public void Reading_WithoutMeasurements_IsNullExceptForASum(string aggregate, double? expected) =>
        Assert.Equal(expected, Only(AlertSamples.Rule() with { Aggregate = Enum.Parse<AlertAggregate>(aggregate) }, null));

    [Theory]
    [InlineData(nameof(AlertAggregate.Sum))]
    [InlineData(nameof(AlertAggregate.Max))]
    public void Reading_OfARequiredSeries_IsZeroAfterAWholeWindow(string aggregate)
    {
        var rule = AlertSamples.Rule() with { Aggregate = Enum.Parse<AlertAggregate>(aggregate), Operator = AlertOperator.Below };

        Assert.Null(Only(rule, null, hasWholeWindow: false));
        Assert.Equal(0, Only(rule, null, hasWholeWindow: true));
        Assert.Null(Only(rule, new Measured(0, 1, 0), hasWholeWindow: false));
        Assert.Equal(3, Only(rule, new Measured(3, 1, 3), hasWholeWindow: true));
    }

    [Theory]
    [InlineData(3, 19, null)]
    [InlineData(3, 20, 0.15)]
    [InlineData(0, 20, 0.0)]
    public void Reading_OfAShare_RequiresItsMinimum(double part, double whole, double? expected)
    {
        var rule = AlertSamples.Rule() with { Per = new AlertShare("x", All, 20) };

        Assert.Equal(expected, RuleReadings.Of(rule, Keyed(("", part)), Keyed(("", whole)), hasWholeWindow: true).Single().Value);
    }

    [Fact]
    public void Reading_OfAShareByAnAttribute_HasOneForEachValueOfTheWhole()
    {
        var rule = AlertSamples.Rule() with { By = "type", Per = new AlertShare("x", All, 20) };

        var readings = RuleReadings.Of(rule, Keyed(("a", 10)), Keyed(("b", 40), ("a", 40), ("c", 5)), hasWholeWindow: true);

        Assert.Equal([new("a", 0.25), new("b", 0), new("c", null)], readings);
    }

    private static double? Only(AlertRule rule, Measured? measured, bool hasWholeWindow = true) =>
        RuleReadings
            .Of(
                rule,
                measured is { } value ? new Dictionary<string, Measured>(StringComparer.Ordinal) { [""] = value } : [],
                null,
                hasWholeWindow)
            .Single()
            .Value;

    private static Dictionary<string, Measured> Keyed(params (string Key, double Sum)[] values) =>
        values.ToDictionary(value => value.Key, value => new Measured(value.Sum, 1, value.Sum), StringComparer.Ordinal);
}
