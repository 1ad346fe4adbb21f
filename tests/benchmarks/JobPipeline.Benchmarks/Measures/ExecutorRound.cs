using JobPipeline.Benchmarks.Jobs;
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

/// <summary>The executor alone: some thousand jobs, one at a time, from the message's bytes to the recorded outcome, with stores in memory.</summary>
internal static class ExecutorRound
{
    public const int Jobs = 5_000;

    /// <summary>Nothing besides.</summary>
    public static Task<JobCost> RunAsync(CancellationToken cancellationToken) =>
        RunAsync(new ConfigurationBuilder().Build(), static (_, _) => { }, static _ => { }, static _ => Task.CompletedTask, cancellationToken);

    /// <param name="configuration">The pipeline's settings.</param>
    /// <param name="addServices">Adds what is measured besides.</param>
    /// <param name="begin">Comes before the first job, and is not measured.</param>
    /// <param name="finish">What belongs to the round and comes after its jobs: its allocations count, its time does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<JobCost> RunAsync(
        IConfiguration configuration, Action<IServiceCollection, IConfiguration> addServices, Action<IServiceProvider> begin, Func<IServiceProvider, Task> finish, CancellationToken cancellationToken)
    {
        var queue = new InMemoryQueue(TimeProvider.System);
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddJobPipeline(configuration, typeof(SingleJob).Assembly)
            .AddSingleton<IJobQueue>(queue)
            .AddSingleton<IJobStore, InMemoryJobStore>()
            .AddSingleton<IPayloadStore, InMemoryPayloadStore>()
            .AddSingleton<IUniqueKeyStore, InMemoryUniqueKeyStore>()
            .AddSingleton<IDeadLetterStore, InMemoryDeadLetterStore>()
            .AddSingleton<IPauseStore, InMemoryPauseStore>()
            .AddSingleton<IErrorGroupStore, InMemoryErrorGroupStore>()
            .AddSingleton<StartClock>();
        addServices(services, configuration);
        await using var provider = services.BuildServiceProvider();
        begin(provider);
        var deliveries = await PrepareAsync(provider, queue, cancellationToken);
        var executor = provider.GetRequiredService<DeliveryExecutor>();
        return await JobCost.OfAsync(
            Jobs,
            () => Task.Run(
                async () =>
                {
                    foreach (var delivery in deliveries)
                    {
                        if (await executor.ExecuteAsync(delivery, CancellationToken.None) is not ExecutionResult.Succeeded)
                            throw new InvalidOperationException("A job did not succeed.");
                        await queue.DeleteAsync(delivery, CancellationToken.None);
                    }
                },
                cancellationToken),
            () => finish(provider));
    }

    private static async Task<List<QueueDelivery>> PrepareAsync(IServiceProvider provider, InMemoryQueue queue, CancellationToken cancellationToken)
    {
        var client = provider.GetRequiredService<JobClient>();
        for (var number = 0; number < Jobs; number++)
            await client.EnqueueAsync(Storage.PipelineUnderTest.Request(SingleJob.Type, number), cancellationToken);
        var deliveries = new List<QueueDelivery>();
        while (deliveries.Count < Jobs)
            deliveries.AddRange(await queue.ReceiveAsync(JobLanes.Normal, max: 32, TimeSpan.FromMinutes(1), cancellationToken));
        return deliveries;
    }
}
