using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>The executor alone, with in-memory stores: jobs one at a time, from the bytes of a message to the recorded outcome.</summary>
internal sealed class ExecutorRig : IAsyncDisposable
{
    private const int Jobs = 5_000;

    private readonly InMemoryQueue _queue = new(TimeProvider.System);
    private readonly ServiceProvider _provider;

    /// <param name="configuration">The pipeline's settings.</param>
    /// <param name="addServices">Adds further services to measure.</param>
    public ExecutorRig(IConfiguration configuration, Action<IServiceCollection>? addServices = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(configuration)
            .AddJobPipeline(configuration, typeof(SingleJob).Assembly)
            .AddInMemoryStorage(_queue)
            .AddSingleton<StartClock>();
        addServices?.Invoke(services);
        _provider = services.BuildServiceProvider();
    }

    public ExecutorRig()
        : this(new ConfigurationBuilder().Build())
    {
    }

    public IServiceProvider Services => _provider;

    /// <summary>Enqueues several thousand jobs and measures their execution.</summary>
    /// <param name="cancellationToken">The token to cancel the measurement.</param>
    /// <param name="finish">Work that follows: its allocations count, its time does not.</param>
    public async Task<JobCost> RunAsync(CancellationToken cancellationToken, Func<Task>? finish = null)
    {
        var deliveries = await PrepareAsync(cancellationToken);
        var executor = _provider.GetRequiredService<DeliveryExecutor>();
        return await JobCost.OfAsync(
            Jobs,
            () => Task.Run(
                async () =>
                {
                    foreach (var delivery in deliveries)
                    {
                        var result = await executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
                        if (result is not DeliveryResult.Succeeded)
                            throw new InvalidOperationException("A job did not succeed.");
                        await _queue.DeleteAsync(delivery, CancellationToken.None);
                    }
                },
                cancellationToken),
            finish);
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private async Task<List<QueueDelivery>> PrepareAsync(CancellationToken cancellationToken)
    {
        var client = _provider.GetRequiredService<JobClient>();
        for (var number = 0; number < Jobs; number++)
            await client.EnqueueAsync(Storage.PipelineUnderTest.Request(SingleJob.Type, number), cancellationToken);
        var deliveries = new List<QueueDelivery>();
        while (deliveries.Count < Jobs)
            deliveries.AddRange(await _queue.ReceiveAsync(PriorityQueues.Normal, max: 32, TimeSpan.FromMinutes(1), cancellationToken));
        return deliveries;
    }
}
