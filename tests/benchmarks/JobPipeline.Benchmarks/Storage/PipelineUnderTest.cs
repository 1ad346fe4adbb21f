using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.BuiltIn;
using JobPipeline.Enqueueing;
using JobPipeline.Hosting;
using JobPipeline.Integration.Tests.Operations;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.SelfHost;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Workflows;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Benchmarks.Storage;

/// <summary>The services of the self-host in this process, including the listener, as shipped except for its web server and logs.</summary>
internal sealed class PipelineUnderTest : IAsyncDisposable
{
    private const string Deleted = "delete message";

    private readonly ServiceProvider _services;

    private PipelineUnderTest(ServiceProvider services, OperationCounter operations) => (_services, Operations) = (services, operations);

    public OperationCounter Operations { get; }

    public JobClient Jobs => _services.GetRequiredService<JobClient>();

    public WorkflowClient Workflows => _services.GetRequiredService<WorkflowClient>();

    public IWorkflowRuntime Runtime => _services.GetRequiredService<IWorkflowRuntime>();

    public IJobStore Store => _services.GetRequiredService<IJobStore>();

    public ILimitStore Limits => _services.GetRequiredService<ILimitStore>();

    public HandledWork Handled => _services.GetRequiredService<HandledWork>();

    public StartClock Clock => _services.GetRequiredService<StartClock>();

    public QueueListener Listener => _services.GetRequiredService<QueueListener>();

    /// <param name="connection">The storage connection string.</param>
    /// <param name="prefix">The prefix of its tables and queues: the emulator's tables, unlike the service's, slow down with
    /// their rows.</param>
    /// <param name="cancellationToken">The token to cancel the start.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<PipelineUnderTest> CreateAsync(
        string connection, string prefix, CancellationToken cancellationToken, params KeyValuePair<string, string?>[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("JobPipeline:Storage:ConnectionString", connection),
            new("JobPipeline:Storage:Prefix", prefix),
            .. settings,
        ]).Build();
        var operations = new OperationCounter();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSelfHost(configuration, [typeof(SingleJob).Assembly, typeof(BuiltInServices).Assembly]);
        services.Configure<AzureStorageOptions>(options => options.ConfigureClient = operations.Attach);
        services.AddSingleton<StartClock>();
        services.AddSingleton<HandledWork>();
        foreach (var workflow in BenchWorkflows.All)
            services.AddWorkflow(workflow);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<StorageSetup>().EnsureAsync("self-host", cancellationToken);
        return new PipelineUnderTest(provider, operations);
    }

    /// <summary>Starts every background service of the self-host, not only the listener.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(cancellationToken);
    }

    /// <summary>Stops what <see cref="StartAsync"/> started.</summary>
    public async Task StopAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
    }

    /// <summary>Enqueues jobs one by one, several at a time.</summary>
    public Task EnqueueAsync(string type, int count, CancellationToken cancellationToken) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = BareQueue.Concurrency, CancellationToken = cancellationToken },
        async (number, token) => await Jobs.EnqueueAsync(Request(type, number), token));

    public static JobRequest Request(string type, int number) => JobRequest.For(type, new OrderPayload($"order-{number}", number));

    /// <summary>Runs the listener until this many more messages are acknowledged.</summary>
    /// <returns>The time from its start to the last acknowledgement.</returns>
    public async Task<TimeSpan> DrainAsync(int messages, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var ended = WhenAcknowledgedAsync(messages);
        await Listener.StartAsync(cancellationToken);
        await ended.WaitAsync(cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await Listener.StopAsync(cancellationToken);
        return elapsed;
    }

    /// <summary>Completes when this many more messages are acknowledged.</summary>
    public Task WhenAcknowledgedAsync(int messages) => Operations.WhenReachedAsync(Deleted, Operations[Deleted] + messages);

    /// <summary>Completes when every sent message is acknowledged.</summary>
    public Task WhenAllAcknowledgedAsync() => Operations.WhenReachedAsync(Deleted, Operations["send message"]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
