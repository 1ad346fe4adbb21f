using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Counts storage operations per job, for few jobs and for many: the number must not grow. Receives are excluded, because a short
/// run spends most of them on empty queues.
/// </summary>
internal sealed class OperationsPerJob : IMeasure
{
    private const int Few = 100;
    private const int Many = 10_000;
    private const double Flat = 1.1;

    public string Title => $"storage operations per job, for {Few} and {Many} jobs";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken) =>
    [
        await CompareAsync("single", scale.Of(Many, 1_000), EnqueueSinglesAsync, cancellationToken),
        await CompareAsync("packed", scale.Of(Many, 1_000), EnqueuePackedAsync, cancellationToken),
    ];

    private static Task EnqueueSinglesAsync(PipelineUnderTest pipeline, int count, CancellationToken cancellationToken) =>
        pipeline.EnqueueAsync(SingleJob.Type, count, cancellationToken);

    private static Task EnqueuePackedAsync(PipelineUnderTest pipeline, int count, CancellationToken cancellationToken) =>
        pipeline.Jobs.EnqueueManyAsync(
            [.. Enumerable.Range(0, count).Select(number => PipelineUnderTest.Request(PackedJob.Type, number))], cancellationToken);

    private static async Task<Finding> CompareAsync(
        string kind, int size, Func<PipelineUnderTest, int, CancellationToken, Task> enqueue, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        await using var pipeline = await PipelineUnderTest.CreateAsync(azurite.ConnectionString, "", cancellationToken);
        // Warms up, because cold code is slow, and slow code groups more.
        await CountAsync(pipeline, size / 10, enqueue, cancellationToken);
        var few = await CountAsync(pipeline, Few, enqueue, cancellationToken);
        var many = await CountAsync(pipeline, size, enqueue, cancellationToken);
        return new Finding(
            $"operations per job, {kind}, at {size} / at {Few}", $"{many:f3}", $"{few:f3}", $"{many / few:f2}", $"<= {Flat} (flat)",
            many / few <= Flat);
    }

    private static async Task<double> CountAsync(
        PipelineUnderTest pipeline,
        int count,
        Func<PipelineUnderTest, int, CancellationToken, Task> enqueue,
        CancellationToken cancellationToken)
    {
        pipeline.Operations.Reset();
        await pipeline.Listener.StartAsync(cancellationToken);
        // Many jobs run as portions of few: the emulator's queue slows down with its depth, and group commit saves more under load.
        for (var done = 0; done < count; done += Few)
        {
            await enqueue(pipeline, Math.Min(Few, count - done), cancellationToken);
            await pipeline.WhenAllAcknowledgedAsync().WaitAsync(cancellationToken);
        }

        await pipeline.Listener.StopAsync(cancellationToken);
        return pipeline.Operations.All.Where(entry => entry.Key != "receive messages").Sum(entry => entry.Value) / (double)count;
    }
}
