using System.Diagnostics.Metrics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Monitoring;

public sealed class InstanceGaugesTests : IAsyncDisposable
{
    private const string InFlight = "jobpipeline.jobs.in_flight";
    private const string OpenTime = "jobpipeline.circuit.open_time";

    private static readonly TimeSpan Break = TimeSpan.FromSeconds(40);

    private readonly MeasuredMeters _meters = new();
    private readonly ScriptedProbe _probe = new(1_000_000);
    private readonly TestPipeline _pipeline;

    public InstanceGaugesTests()
    {
        _pipeline = TestPipeline.With(
            [typeof(ScriptedJob), typeof(OtherJob)],
            services => services.AddSingleton<IMeterFactory>(_meters).AddSingleton<IResourceProbe>(_probe),
            ($"JobPipeline:Jobs:{ScriptedJob.Type}:Circuit", "smtp"),
            ($"JobPipeline:Jobs:{OtherJob.Type}:Circuit", "crm"),
            ("JobPipeline:Circuits:smtp:MinimumThroughput", "4"),
            ("JobPipeline:Circuits:smtp:BreakDuration", $"{Break:c}"));
        _ = _pipeline.Get<InstanceGauges>();
    }

    [Fact]
    public async Task InFlight_DuringExecution_CountsClaimedAndUnsettledJobs()
    {
        var gate = _pipeline.Script.Hangs();
        await _pipeline.EnqueueAsync();
        await _pipeline.EnqueueAsync();
        var first = _pipeline.DeliverOneAsync();
        var second = _pipeline.DeliverOneAsync();
        Assert.Equal(2, Assert.Single(_meters.Now(InFlight)).Value);

        gate.SetResult(JobOutcome.Success());
        await Task.WhenAll(first, second);
        Assert.Equal(0, Assert.Single(_meters.Now(InFlight)).Value);
    }

    [Fact]
    public async Task OpenTime_OfACircuit_IncreasesUntilItCloses()
    {
        Assert.Equal([("crm", 0d), ("smtp", 0d)], Now());
        _pipeline.Script.Throws(new IOException("connection refused"));
        await RunAsync(4);
        _pipeline.Time.Advance(Break);
        Assert.Equal([("crm", 0d), ("smtp", 40d)], Now());

        // Half-open and open again: the open time continues.
        await RunAsync(1);
        _pipeline.Time.Advance(Break);
        Assert.Equal([("crm", 0d), ("smtp", 80d)], Now());

        _pipeline.Script.Returns(JobOutcome.Success());
        await RunAsync(1);
        Assert.Equal([("crm", 0d), ("smtp", 0d)], Now());
        Assert.Equal(
            ["Open", "HalfOpen", "Open", "HalfOpen", "Closed"],
            _meters.Of("jobpipeline.circuit.changes").Select(change => change["jobpipeline.circuit.state"]));
    }

    [Fact]
    public void Governor_OfEachLevel_IsMeasuredOnceThereIsASample()
    {
        Assert.Empty(_meters.Now("jobpipeline.governor.level"));
        var governor = _pipeline.Get<ResourceGovernor>();
        governor.LimitTo(8);
        _probe.Used = 0.5;
        governor.Measure();
        Assert.Equal((0, 8, 0), Governor());

        _probe.Used = 0.95;
        governor.Measure();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal((2, 0, 70), Governor());
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _meters.Dispose();
    }

    /// <summary>Runs jobs that have one attempt each.</summary>
    private async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
            await _pipeline.DeliverAsync();
        }
    }

    private (double Level, double Target, double ClosedTime) Governor() => (
        Assert.Single(_meters.Now("jobpipeline.governor.level")).Value,
        Assert.Single(_meters.Now("jobpipeline.governor.target")).Value,
        Assert.Single(_meters.Now("jobpipeline.governor.closed_time")).Value);

    private IEnumerable<(string Circuit, double Seconds)> Now() =>
        _meters.Now(OpenTime).Select(circuit => (circuit["jobpipeline.circuit.name"], circuit.Value));
}
