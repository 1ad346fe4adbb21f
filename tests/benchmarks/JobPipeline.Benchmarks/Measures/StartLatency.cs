using System.Globalization;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the time from the call that enqueues a job to the first line of its handler, one job at a time on an idle listener.
/// Compared with a bare send directly followed by a receive, which knows when to poll.
/// </summary>
internal sealed class StartLatency : IMeasure
{
    private const int WarmUps = 50;
    private const int Samples = 300;
    private const double TargetP50 = 10;
    private const double TargetP99 = 100;

    public string Title => "enqueue to handler start on an idle self-host, compared with a bare send and receive";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        await using var pipeline = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, "", cancellationToken);
        var bare = await BareQueue.CreateAsync(azurite.ConnectionString, "", cancellationToken);
        await pipeline.Listener.StartAsync(cancellationToken);
        var ours = new List<double>();
        var beside = new List<double>();
        for (var sample = -WarmUps; sample < scale.Of(Samples, 100); sample++)
        {
            var our = await RunJobAsync(pipeline, sample, cancellationToken);
            var their = await RunBareAsync(bare, cancellationToken);
            if (sample < 0)
                continue;
            ours.Add(our.TotalMilliseconds);
            beside.Add(their.TotalMilliseconds);
        }

        await pipeline.Listener.StopAsync(cancellationToken);
        return [Found(50, ours, beside, TargetP50), Found(99, ours, beside, TargetP99)];
    }

    private static async Task<TimeSpan> RunJobAsync(PipelineUnderTest pipeline, int number, CancellationToken cancellationToken)
    {
        var request = PipelineUnderTest.Request(StartJob.Type, number);
        var ended = pipeline.WhenAcknowledgedAsync(1);
        pipeline.Clock.Start();
        await pipeline.Jobs.EnqueueAsync(request, cancellationToken);
        await ended.WaitAsync(cancellationToken);
        return await pipeline.Clock.Elapsed;
    }

    private static async Task<TimeSpan> RunBareAsync(BareQueue bare, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await bare.SendAsync(cancellationToken);
        var messages = await bare.ReceiveAsync(cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await bare.DeleteAsync(messages[0], cancellationToken);
        return elapsed;
    }

    private static Finding Found(int percent, List<double> ours, List<double> beside, double target)
    {
        var (our, their) = (ours.Percentile(percent), beside.Percentile(percent));
        return new Finding(
            string.Create(CultureInfo.InvariantCulture, $"enqueue to handler start, p{percent} of {ours.Count} / bare send-receive"),
            $"{our:f1} ms", $"{their:f1} ms", $"{our / their:f2}", $"< {target} ms", our < target);
    }
}
