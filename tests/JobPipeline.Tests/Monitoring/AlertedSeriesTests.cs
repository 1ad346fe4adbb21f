using System.Diagnostics.Metrics;
using CsCheck;
using JobPipeline.Alerts.Rules;
using JobPipeline.Diagnostics;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Monitoring;

/// <summary>
/// Tests that exactly the series named by alert rules exist from the start, so that the first failures of a type are an increase.
/// </summary>
public sealed class AlertedSeriesTests : IDisposable
{
    private const string JobType = "jobpipeline.job.type";
    private const string Queue = "messaging.destination.name";

    /// <summary>Counted by the storage adapter and covered by its tests.</summary>
    private const string OfTheAdapter = "jobpipeline.storage.operations";

    private static readonly string[] Instruments =
    [
        "jobpipeline.jobs.enqueued", "jobpipeline.jobs.started", "jobpipeline.jobs.finished", "jobpipeline.attempts",
        "jobpipeline.jobs.deferred",
        "jobpipeline.dead_letters", "jobpipeline.jobs.timed", "jobpipeline.jobs.duplicates", "jobpipeline.jobs.rescued",
        "jobpipeline.jobs.overdue",
        "jobpipeline.instances.lost", "jobpipeline.heartbeat", "jobpipeline.errors", "jobpipeline.error_groups.new",
        "jobpipeline.error_groups.regressed", "jobpipeline.worker.deaths", "jobpipeline.leases.lost", "jobpipeline.circuit.changes",
        "jobpipeline.retention.removed",
    ];

    private readonly MeasuredMeters _meters = new();

    public static TheoryData<string> Counters =>
    [
        .. AlertRules.Shipped
            .Where(rule => rule.Aggregate == AlertAggregate.Sum && rule.Metric != OfTheAdapter).Select(rule => rule.Name),
    ];

    [Theory]
    [MemberData(nameof(Counters))]
    public async Task Start_ForEachRule_StartsItsSeriesAtZeroForEachJobTypeAndQueue(string name)
    {
        await using var pipeline = Start();
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == name);

        foreach (var (metric, filter) in SeriesOf(rule))
        {
            var series = _meters.Now(metric).Where(one => Passes(one, filter)).ToList();
            Assert.NotEmpty(series);
            Assert.All(series, one => Assert.Equal(0, one.Value));
            if (metric == "jobpipeline.jobs.timed")
                Assert.Equal([TimedJob.Type], series.Select(one => one[JobType]).Distinct());
            else if (series[0].Tags.ContainsKey(JobType))
                Assert.All([ScriptedJob.Type, OtherJob.Type, TimedJob.Type], type => Assert.Contains(series, one => one[JobType] == type));
            if (series[0].Tags.ContainsKey(Queue))
                Assert.All(PriorityQueues.All,
                    queue => Assert.Equal(3 * filter.Single().Value.Count, series.Count(one => one[Queue] == queue)));
        }
    }

    [Fact]
    public async Task Start_OfAnInstance_StartsNoSeriesWithoutARule()
    {
        await using var pipeline = Start();
        var named = AlertRules.Shipped.SelectMany(SeriesOf).ToList();

        var shown = Instruments.SelectMany(_meters.Now).ToList();

        Assert.All(shown, one => Assert.Contains(named, series => series.Metric == one.Instrument && Passes(one, series.Filter)));
        // For each of three types six attempt outcomes, seven reasons and two of error groups; two of a target; those without a type.
        Assert.Equal((3 * 15) + 2 + 6 + 3, shown.Count);
    }

    [Fact]
    public async Task Start_WithUnusedBuiltInTypes_StartsNoSeriesForThem()
    {
        await using var pipeline = Start();

        Assert.NotNull(pipeline.Get<JobRegistry>().Find(BulkReplayJob.Type));
        Assert.DoesNotContain(Instruments.SelectMany(_meters.Now), one => one.Tags.GetValueOrDefault(JobType) is BulkReplayJob.Type);
    }

    [Fact]
    public async Task Start_WithSettingsForABuiltInType_StartsItsSeries()
    {
        await using var pipeline = Start(($"JobPipeline:Jobs:{BulkReplayJob.Type}:MaxAttempts", "2"));

        Assert.Contains(_meters.Now("jobpipeline.dead_letters"), one => one[JobType] == BulkReplayJob.Type && one.Value == 0);
    }

    [Fact]
    public void Enqueue_TypeWithoutSeries_StartsThem()
    {
        var metrics = new JobMetrics(_meters);

        metrics.Enqueued("http.request", PriorityQueues.Low);

        Assert.Equal(
            ["failed", "succeeded"],
            _meters.Now("jobpipeline.attempts").Select(one => one["jobpipeline.attempt.outcome"]).Order(StringComparer.Ordinal));
        Assert.Contains(_meters.Now("jobpipeline.dead_letters"), one => one["jobpipeline.dead_letter.reason"] == "AttemptsExhausted");
        Assert.Single(_meters.Now("jobpipeline.error_groups.new"));
    }

    [Fact]
    public async Task Scrape_SeriesThatAlreadyCounted_ReportsZeroFirst()
    {
        var scrape = new MetricScrape();
        var metrics = new JobMetrics(_meters, scrape: scrape);
        for (var i = 0; i < 50; i++)
            metrics.DeadLetter("http.request", DeadLetterReason.AttemptsExhausted);

        // Other readers and exporters get the actual values and do not consume the zero.
        Assert.Equal(50, DeadLetters());
        var (first, second) = (await ScrapeAsync(scrape), await ScrapeAsync(scrape));

        Assert.Equal((0, 50, 50), (first, second, DeadLetters()));
    }

    [Fact]
    public void Scrape_InAnyOrderOfCountsAndScrapes_ReportsEveryIncrease() => Gen.Int[0, 9].Array[1, 40].Sample(
        steps =>
        {
            using var meters = new MeasuredMeters();
            var scrape = new MetricScrape();
            var metrics = new JobMetrics(meters, scrape: scrape);
            var (counted, seen, last) = (0L, 0d, (double?)null);
            // 0 to 2: a read; 3 to 5: a scrape; others: that many dead letters. Two more scrapes follow at the end.
            foreach (var step in steps.Append(3).Append(3))
            {
                if (step >= 6)
                    counted += step;
                for (var i = 0; i < step && step >= 6; i++)
                    metrics.DeadLetter("mail.send", DeadLetterReason.Poison);
                if (step is >= 3 and < 6)
                    Scrape();
                else
                    Read();
            }

            void Scrape()
            {
                double? value = null;
                scrape.RunAsync(() => Task.FromResult(value = Read())).GetAwaiter().GetResult();
                // As increase() does: the first value is the start.
                seen += last is { } before && value is { } now ? now - before : 0;
                last = value;
            }

            double? Read() => meters.Now("jobpipeline.dead_letters") is [var series] ? series.Value : null;

            Assert.Equal(counted, seen);
        },
        iter: 300);

    public void Dispose() => _meters.Dispose();

    private TestPipeline Start(params (string, string)[] settings)
    {
        var pipeline = TestPipeline.With(
            [typeof(ScriptedJob), typeof(OtherJob), typeof(TimedJob)], services => services.AddSingleton<IMeterFactory>(_meters), settings);
        pipeline.Get<InstanceGauges>().Begin("test");
        return pipeline;
    }

    private static bool Passes(MeasuredValue one, IReadOnlyDictionary<string, IReadOnlyList<string>> filter) =>
        filter.All(entry => entry.Value.Contains(one[entry.Key], StringComparer.Ordinal));

    private double DeadLetters() => _meters.Now("jobpipeline.dead_letters").Sum(series => series.Value);

    private async Task<double> ScrapeAsync(MetricScrape scrape)
    {
        var value = double.NaN;
        await scrape.RunAsync(() => Task.FromResult(value = DeadLetters()));
        return value;
    }

    private static IEnumerable<(string Metric, IReadOnlyDictionary<string, IReadOnlyList<string>> Filter)> SeriesOf(AlertRule rule)
    {
        yield return (rule.Metric, rule.Filter);
        if (rule.Per is { } per)
            yield return (per.Metric, per.Filter);
    }

    [Job(Type, TargetDuration = "00:00:30")]
    private sealed class TimedJob : IJobHandler<ScriptedPayload>
    {
        public const string Type = "mail.timed";

        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }
}
