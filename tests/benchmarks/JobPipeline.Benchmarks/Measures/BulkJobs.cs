using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures many small jobs from the call that enqueues them to their recorded end, compared with sending, receiving and deleting
/// as many messages. The bare loop sends its messages in portions, because the emulator's queue slows down with its depth, which
/// the service's does not.
/// </summary>
internal sealed class BulkJobs : IMeasure
{
    private const int Jobs = 1_000;
    private const int Portion = 250;
    private const int Pairs = 7;
    private const int WarmUps = 2;
    private const double Target = 5;

    public string Title => $"{Jobs} packed jobs on Azurite, enqueued and run, compared with a bare send, receive and delete";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        var pairs = new List<(double Ours, double Bare)>();
        for (var round = 0; round < WarmUps + scale.Of(Pairs, 3); round++)
        {
            var prefix = $"pair{round}x";
            await using var pipeline = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, prefix, cancellationToken);
            var bare = await BareQueue.CreateAsync(azurite.ConnectionString, prefix, cancellationToken);
            var ours = Jobs / (await RunPackedAsync(pipeline, cancellationToken)).TotalSeconds;
            var beside = Jobs / (await RunBareAsync(bare, cancellationToken)).TotalSeconds;
            if (round < WarmUps)
                continue;
            pairs.Add((ours, beside));
            Console.WriteLine($"   pair {pairs.Count}: {ours:f0} jobs/s, bare {beside:f0} messages/s, ratio {ours / beside:f2}");
        }

        var ratio = pairs.Select(pair => pair.Ours / pair.Bare).Median();
        return
        [
            new Finding(
                $"bulk of {Jobs}, packed / bare send-receive-delete",
                $"{pairs.Select(pair => pair.Ours).Median():f0}/s",
                $"{pairs.Select(pair => pair.Bare).Median():f0}/s",
                $"{ratio:f2}",
                $">= {Target}",
                ratio >= Target),
        ];
    }

    private static async Task<TimeSpan> RunPackedAsync(PipelineUnderTest pipeline, CancellationToken cancellationToken)
    {
        var requests = Enumerable.Range(0, Jobs).Select(number => PipelineUnderTest.Request(PackedJob.Type, number)).ToArray();
        var sent = pipeline.Operations["send message"];
        var started = TimeProvider.System.GetTimestamp();
        await pipeline.Jobs.EnqueueManyAsync(requests, cancellationToken);
        var enqueuing = TimeProvider.System.GetElapsedTime(started);
        return enqueuing + await pipeline.DrainAsync(pipeline.Operations["send message"] - sent, cancellationToken);
    }

    private static async Task<TimeSpan> RunBareAsync(BareQueue bare, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var done = 0; done < Jobs; done += Portion)
        {
            await bare.SendAsync(Portion, cancellationToken);
            await bare.DrainAsync(Portion, cancellationToken);
        }

        return TimeProvider.System.GetElapsedTime(started);
    }
}
