using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Processes;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Jobs;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the resident memory of a self-host process after many jobs, compared with a process that has only a web server.
/// </summary>
internal sealed class ProcessMemory : IMeasure
{
    private const int Portion = 250;
    private const int Mebibyte = 1024 * 1024;
    private const double Target = 150;

    public string Title => "memory of a self-host process after 10,000 jobs, compared with a bare web server";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        var jobs = scale.Of(10_000, 500);
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        using var bare = await BenchHosts.StartBareAsync(cancellationToken);
        using var host = await BenchHosts.StartWithJobsAsync(azurite.ConnectionString, cancellationToken);
        await using var producer = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, "", cancellationToken);
        var atStart = host.ResidentBytes / (double)Mebibyte;
        // In portions: the emulator's queue slows down with its depth.
        for (var done = 0; done < jobs; done += Portion)
        {
            await RunPortionAsync(producer, done, cancellationToken);
            if ((done + Portion) % 1_000 == 0)
                Console.WriteLine($"   {done + Portion} jobs: {host.ResidentBytes / Mebibyte} MiB");
        }

        var (after, beside) = (host.ResidentBytes / (double)Mebibyte, bare.ResidentBytes / (double)Mebibyte);
        Console.WriteLine($"   at the start: {atStart:f0} MiB");
        await host.StopAsync();
        return
        [
            new Finding(
                $"resident memory after {jobs} jobs / bare web server", $"{after:f0} MiB", $"{beside:f0} MiB", $"{after / beside:f2}",
                $"<= {Target} MiB", after <= Target),
        ];
    }

    private static async Task RunPortionAsync(PipelineUnderTest producer, int first, CancellationToken cancellationToken)
    {
        var ids = new JobId[Portion];
        var options = new ParallelOptions { MaxDegreeOfParallelism = BareQueue.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Portion, options, async (i, token) =>
            ids[i] = (await producer.Jobs.EnqueueAsync(PipelineUnderTest.Request(SingleJob.Type, first + i), token)).Id);
        foreach (var id in ids)
        {
            while ((await producer.Store.ReadAsync(id, cancellationToken)).Record?.Status.State != JobState.Succeeded)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }
}
