using System.Globalization;
using JobPipeline.Benchmarks.Processes;
using JobPipeline.Benchmarks.Report;
using JobPipeline.TestTools.Azurite;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the start of the shipped self-host, from the start of its process to the first answer that it is ready, on storage
/// that is set up. Compared with a process that has only a web server.
/// </summary>
internal sealed class StartTime : IMeasure
{
    private const double Target = 1.5;

    public string Title => "start of a self-host process to ready, compared with a bare web server";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        var (ours, bare) = (new List<double>(), new List<double>());
        // The first round also sets up the storage.
        for (var round = 0; round <= scale.Of(7, 3); round++)
        {
            var our = await TimeAsync(() => BenchHosts.StartShippedAsync(azurite.ConnectionString, cancellationToken));
            var beside = await TimeAsync(() => BenchHosts.StartBareAsync(cancellationToken));
            Console.WriteLine($"   round {round}{(round == 0 ? " (sets up the storage)" : "")}: {our:f2} s, bare {beside:f2} s");
            if (round == 0)
                continue;
            ours.Add(our);
            bare.Add(beside);
        }

        var (median, other) = (ours.Median(), bare.Median());
        return
        [
            new Finding(
                "start of the process to ready / bare web server", Text(median) + " s", Text(other) + " s", Text(median / other),
                $"<= {Target} s", median <= Target),
        ];
    }

    private static async Task<double> TimeAsync(Func<Task<HostProcess>> startAsync)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var host = await startAsync();
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await host.StopAsync();
        return elapsed;
    }

    private static string Text(double value) => value.ToString("f2", CultureInfo.InvariantCulture);
}
