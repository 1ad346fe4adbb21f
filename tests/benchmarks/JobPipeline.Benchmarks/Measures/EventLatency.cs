using System.Globalization;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the time from the call that raises an event to the first line of the handler of the step after it, one workflow at a
/// time.
/// </summary>
internal sealed class EventLatency : IMeasure
{
    private const int WarmUps = 5;
    private const double Target = 15;

    public string Title => "an event to the start of the next step on Azurite, compared with the Durable Task Framework";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        await using var arena = await Arena.OpenAsync(cancellationToken);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var sample = -WarmUps; sample < scale.Of(50, 10); sample++)
        {
            var our = await SampleAsync(arena.Ours, arena.Ours.Clock, cancellationToken);
            var their = await SampleAsync(arena.Theirs, arena.Theirs.Clock, cancellationToken);
            if (sample < 0)
                continue;
            ours.Add(our);
            theirs.Add(their);
        }

        var (p50, their50) = (ours.Median(), theirs.Median());
        Console.WriteLine($"   p90: ours {ours.Percentile(90):f1} ms, {LapFindings.Peer} {theirs.Percentile(90):f1} ms");
        return
        [
            new Finding(
                $"event to the next step's start, p50 / {LapFindings.Peer}", Text(p50) + " ms", Text(their50) + " ms",
                (p50 / their50).ToString("f2", CultureInfo.InvariantCulture), $"<= {Target} ms", p50 <= Target),
        ];
    }

    private static async Task<double> SampleAsync(IContestant side, StartClock clock, CancellationToken cancellationToken)
    {
        var handled = side.Handled.WhenMoreAsync(1);
        var id = await side.StartWaitingAsync(cancellationToken);
        clock.Start();
        await side.RaiseAsync(id, cancellationToken);
        await handled.WaitAsync(cancellationToken);
        var elapsed = await clock.Elapsed;
        while (!await side.HasCompletedAsync(id, cancellationToken))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        return elapsed.TotalMilliseconds;
    }

    private static string Text(double value) => value.ToString("f1", CultureInfo.InvariantCulture);
}
