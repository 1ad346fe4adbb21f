using System.Diagnostics.Metrics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Monitoring;

public sealed class QueueGaugesTests : IAsyncDisposable
{
    private const string Depth = "jobpipeline.queue.depth";
    private const string Age = "jobpipeline.queue.oldest_age";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly MeasuredMeters _meters = new();
    private readonly TestPipeline _pipeline;

    public QueueGaugesTests() =>
        _pipeline = TestPipeline.With(
            [typeof(ScriptedJob)],
            services => services.AddSingleton<IMeterFactory>(_meters),
            ("JobPipeline:Gauges:Interval", $"{Interval:c}"));

    [Fact]
    public async Task Queues_AfterAMeasurement_ReportTheirDepthAndAnAgeThatIncreases()
    {
        await _pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = _pipeline.Now.AddHours(5) });
        await _pipeline.DropAsync("{}", PriorityQueues.Low);
        await _pipeline.DropAsync("{}", PriorityQueues.Low);
        await _pipeline.DropAsync("{}", PriorityQueues.PoisonOf(PriorityQueues.High));
        _pipeline.Time.Advance(TimeSpan.FromSeconds(100));
        await MeasureAsync();
        // The age increases without another measurement.
        _pipeline.Time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal([("jobs", 1d), ("jobs-high", 0d), ("jobs-low", 2d)], Now(Depth));
        Assert.Equal([("jobs", 0d), ("jobs-high", 1d), ("jobs-low", 0d)], Now("jobpipeline.queue.poison_depth"));
        // A message that is not due does not count as waiting.
        Assert.Equal([("jobs", 0d), ("jobs-high", 0d), ("jobs-low", 107d)], Now(Age));
    }

    [Fact]
    public async Task Message_ThatWaitsForASlotInThisProcess_KeepsItsAge()
    {
        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(30));
        using var held = _pipeline.Waiting.Enter(await _pipeline.ReceiveAsync());
        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(10));
        await MeasureAsync();
        Assert.Equal(40, AgeOf(PriorityQueues.Normal));

        held.Dispose();
        _pipeline.Time.Advance(Interval);
        await MeasureAsync();
        Assert.Equal(30, AgeOf(PriorityQueues.Normal));
    }

    [Fact]
    public async Task Message_ThatWasHiddenOrResent_HasNoAge()
    {
        // A retry, sent with a delay, and a snooze, whose message was hidden.
        _pipeline.Script.Throws(new IOException("the disk is full"));
        await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();
        _pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromMinutes(20)));
        await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();
        // As a host that can't hide messages re-sends it: the same attempt, much later than its id.
        await _pipeline.EnqueueAsync();
        var delivery = await _pipeline.ReceiveAsync();
        _pipeline.Time.Advance(TimeSpan.FromMinutes(20));
        await _pipeline.Storage.Queue.SendAsync(PriorityQueues.Normal, delivery.Body, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await _pipeline.Storage.Queue.DeleteAsync(delivery, TestContext.Current.CancellationToken);
        _pipeline.Time.Advance(TimeSpan.FromMinutes(20));
        await MeasureAsync();

        Assert.Equal(3, _meters.Now(Depth).Single(queue => queue["messaging.destination.name"] == PriorityQueues.Normal).Value);
        Assert.Equal(0, AgeOf(PriorityQueues.Normal));
    }

    [Fact]
    public async Task Measurement_AfterOneInterval_IsRepeatedAndExpiresAfterThree()
    {
        Assert.Empty(_meters.Now(Depth));
        await MeasureAsync();
        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(Interval - TimeSpan.FromSeconds(1));
        await MeasureAsync();
        Assert.Equal(0, _meters.Now(Depth).Sum(queue => queue.Value));
        _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await MeasureAsync();
        Assert.Equal(1, _meters.Now(Depth).Sum(queue => queue.Value));

        _pipeline.Time.Advance((Interval * 3) - TimeSpan.FromSeconds(1));
        Assert.Equal(3, _meters.Now(Depth).Count);
        // Another instance may have taken over, so this instance's values are outdated.
        _pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_meters.Now(Depth));
        Assert.Empty(_meters.Now(Age));
        await MeasureAsync();
        Assert.Equal(3, _meters.Now(Depth).Count);
    }

    [Fact]
    public async Task Measurement_WhileAllQueuesAreEmpty_IsRepeatedAtEverySecondInterval()
    {
        await MeasureAsync();
        _pipeline.Time.Advance(Interval);
        await MeasureAsync();
        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(Interval);
        await MeasureAsync();
        Assert.Equal(0, _meters.Now(Depth).Sum(queue => queue.Value));
        // A host with a timer of its own may run a little before the second interval has passed.
        _pipeline.Time.Advance(Interval - TimeSpan.FromSeconds(1));
        await MeasureAsync();
        Assert.Equal(1, _meters.Now(Depth).Sum(queue => queue.Value));

        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(Interval);
        await MeasureAsync();
        Assert.Equal(2, _meters.Now(Depth).Sum(queue => queue.Value));
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _meters.Dispose();
    }

    private Task MeasureAsync() => _pipeline.Get<PipelineGauges>().MeasureAsync(TestContext.Current.CancellationToken);

    private double AgeOf(string queue) => Now(Age).Single(measured => measured.Queue == queue).Value;

    private IEnumerable<(string Queue, double Value)> Now(string gauge) =>
        _meters
            .Now(gauge)
            .Select(measured => (measured["messaging.destination.name"], measured.Value))
            .OrderBy(measured => measured.Item1, StringComparer.Ordinal);
}
