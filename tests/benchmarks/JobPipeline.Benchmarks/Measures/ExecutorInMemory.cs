using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Execution;
using JobPipeline.Failures;
using JobPipeline.Failures.Groups;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// What the pipeline itself costs: everything from the message's bytes to the recorded outcome, one job at a time, with
/// stores in memory, theirs included. Beside it Hangfire's worker on its in-memory storage.
/// </summary>
internal sealed class ExecutorInMemory : IMeasure
{
    private const int Rounds = 9;
    private const int WarmUps = 3;
    private const int Jobs = 5_000;
    private const double TargetMicroseconds = 15;
    private const double TargetBytes = 4 * 1024;

    public string Title => "executor on in-memory stores, beside Hangfire.InMemory";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var ours = new List<JobCost>();
        var theirs = new List<JobCost>();
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var our = await RunRoundAsync(cancellationToken);
            var their = await HangfirePeer.RunRoundAsync(cancellationToken);
            if (round < WarmUps)
                continue;
            ours.Add(our);
            theirs.Add(their);
            Console.WriteLine($"   round {ours.Count}: {our}, Hangfire {their}");
        }

        var (time, theirTime) = (ours.Select(cost => cost.Microseconds).Median(), theirs.Select(cost => cost.Microseconds).Median());
        var (bytes, theirBytes) = (ours.Select(cost => cost.Bytes).Median(), theirs.Select(cost => cost.Bytes).Median());
        return
        [
            new Finding("executor, time a job / Hangfire.InMemory", $"{time:f1} us", $"{theirTime:f1} us", $"{time / theirTime:f2}", $"< {TargetMicroseconds} us", time < TargetMicroseconds),
            new Finding("executor, allocated a job / Hangfire.InMemory", $"{bytes:f0} B", $"{theirBytes:f0} B", $"{bytes / theirBytes:f2}", $"< {TargetBytes} B", bytes < TargetBytes),
        ];
    }

    private static async Task<JobCost> RunRoundAsync(CancellationToken cancellationToken)
    {
        var queue = new InMemoryQueue(TimeProvider.System);
        var services = new ServiceCollection()
            .AddLogging()
            .AddJobPipeline(new ConfigurationBuilder().Build(), typeof(SingleJob).Assembly)
            .AddSingleton<IJobQueue>(queue)
            .AddSingleton<IJobStore, InMemoryJobStore>()
            .AddSingleton<IPayloadStore, InMemoryPayloadStore>()
            .AddSingleton<IUniqueKeyStore, InMemoryUniqueKeyStore>()
            .AddSingleton<IDeadLetterStore, InMemoryDeadLetterStore>()
            .AddSingleton<IPauseStore, InMemoryPauseStore>()
            .AddSingleton<IErrorGroupStore, InMemoryErrorGroupStore>()
            .AddSingleton<StartClock>();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<JobClient>();
        var executor = provider.GetRequiredService<DeliveryExecutor>();
        for (var number = 0; number < Jobs; number++)
            await client.EnqueueAsync(Storage.PipelineUnderTest.Request(SingleJob.Type, number), cancellationToken);
        var deliveries = new List<QueueDelivery>();
        while (deliveries.Count < Jobs)
            deliveries.AddRange(await queue.ReceiveAsync(JobLanes.Normal, max: 32, TimeSpan.FromMinutes(1), cancellationToken));

        return await JobCost.OfAsync(Jobs, () => Task.Run(
            async () =>
            {
                foreach (var delivery in deliveries)
                {
                    if (await executor.ExecuteAsync(delivery, CancellationToken.None) is not ExecutionResult.Succeeded)
                        throw new InvalidOperationException("A job did not succeed.");
                    await queue.DeleteAsync(delivery, CancellationToken.None);
                }
            },
            cancellationToken));
    }
}
