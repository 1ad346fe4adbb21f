using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>Measures jobs of a type without limits while many jobs of another one wait at a limit, compared with none that wait.</summary>
internal sealed class BesideParkedJobs : IMeasure
{
    private const int Depth = 300;
    private const int Pairs = 11;
    private const int WarmUps = 2;
    private const double Target = 0.95;

    private static readonly GateId Gate = new("closed", "");

    public string Title => "single jobs without a limit beside 100,000 that wait at one, compared with none that wait";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        var parked = scale.Of(100_000, 2_000);
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        await using var beside = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, "beside", cancellationToken, Settings);
        await using var alone = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, "alone", cancellationToken, Settings);
        await ParkAsync(beside.Limits, parked, cancellationToken);
        var pairs = new List<(double Beside, double Alone)>();
        for (var round = 0; round < WarmUps + scale.Of(Pairs, 3); round++)
        {
            var first = await DrainAsync(round % 2 == 0 ? beside : alone, cancellationToken);
            var second = await DrainAsync(round % 2 == 0 ? alone : beside, cancellationToken);
            var pair = round % 2 == 0 ? (first, second) : (second, first);
            if (round < WarmUps)
                continue;
            pairs.Add(pair);
            Console.WriteLine($"   pair {pairs.Count}: {pair.Item1:f0} jobs/s beside, {pair.Item2:f0} alone");
        }

        var ratio = pairs.Select(pair => pair.Beside / pair.Alone).Median();
        return
        [
            new Finding(
                $"single jobs beside {parked} parked ones / alone",
                $"{pairs.Select(pair => pair.Beside).Median():f0}/s",
                $"{pairs.Select(pair => pair.Alone).Median():f0}/s",
                $"{ratio:f2}",
                $">= {Target}",
                ratio >= Target),
        ];
    }

    private static KeyValuePair<string, string?>[] Settings { get; } =
    [
        new($"JobPipeline:Limits:{Gate.Limit}:Concurrency", "1"),
        new($"JobPipeline:Jobs:{StartJob.Type}:Limits:0", Gate.Limit),
    ];

    /// <summary>Parks jobs as the pipeline does, without receiving a message for each first.</summary>
    private static async Task ParkAsync(ILimitStore store, int count, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var closed = new Meter { HasLot = true, TurnDue = now.AddHours(1), BlockedUntil = LimitControl.NoEnd, BlockedWhy = "closed" };
        await store.AddDueAsync(new DueGate(Gate, closed.TurnDue!.Value), cancellationToken);
        await store.TryWriteAsync(new GateChange(Gate, closed) { OpensLot = true }, cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count).Chunk(GateChange.MaxRows),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
            async (numbers, token) => await store.ParkAsync(Gate, [.. numbers.Select(number => Row(number, now))], token));
        Console.WriteLine($"   {count} jobs parked in {(TimeProvider.System.GetUtcNow() - now).TotalSeconds:f0} s");
    }

    private static ParkedJob Row(int number, DateTimeOffset now)
    {
        var id = JobId.Create(now.AddMilliseconds(number));
        var spec = new JobSpec
        {
            Type = StartJob.Type, Payload = PipelineUnderTest.Request(StartJob.Type, number).Payload, EnqueuedAt = now,
        };
        var mark = new ReadyMark(PriorityQueues.Normal, [new ReadyGate(Gate.Limit, Gate.Key)]);
        return new ParkedJob
        {
            Job = id,
            Key = ParkedKey.Of(id, PriorityQueues.Normal, spec),
            Queue = PriorityQueues.Normal,
            Type = spec.Type,
            Body = JobMessageWriter.WriteReady(id, 1, spec, mark),
            ParkedAt = now,
        };
    }

    private static async Task<double> DrainAsync(PipelineUnderTest pipeline, CancellationToken cancellationToken)
    {
        await pipeline.EnqueueAsync(SingleJob.Type, Depth, cancellationToken);
        return Depth / (await pipeline.DrainAsync(Depth, cancellationToken)).TotalSeconds;
    }
}
