using JobPipeline.AzureStorage.Start;
using JobPipeline.Enqueueing;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace JobPipeline.Functions.Tests.Azurite;

/// <summary>The services of the app on Azurite, with a host double.</summary>
internal sealed class AzuriteRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private AzuriteRig(string connection, string prefix, Action<IServiceCollection>? configure, KeyValuePair<string, string?>[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. Settings(connection, prefix), .. settings]).Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(Script)
            .AddSingleton(FlowScript);
        configure?.Invoke(services);
        _services = services.AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly).BuildServiceProvider();
        Queue = _services.GetRequiredService<IJobQueue>();
        Host = new FunctionsHostDouble(_services, _services.GetRequiredService<IJobQueueReceiver>(), Queue);
    }

    public Script Script { get; } = new();

    public FlowScript FlowScript { get; } = new();

    public FunctionsHostDouble Host { get; }

    public IJobQueue Queue { get; }

    public IServiceProvider Services => _services;

    public JobClient Client => _services.GetRequiredService<JobClient>();

    public IDeadLetterStore DeadLetters => _services.GetRequiredService<IDeadLetterStore>();

    public static KeyValuePair<string, string?>[] Settings(string connection, string prefix) =>
    [
        new("AzureWebJobsStorage", connection),
        new("JobPipeline:Storage:Prefix", prefix),
        new("JobPipeline:Jobs:mail.send:BackoffBase", "00:00:00.001"),
    ];

    public static async Task<AzuriteRig> StartAsync(
        SharedAzurite azurite, Action<IServiceCollection>? configure = null, params KeyValuePair<string, string?>[] settings)
    {
        var rig = new AzuriteRig(azurite.ConnectionString, azurite.NewPrefix(), configure, settings);
        await rig._services.GetRequiredService<StorageSetup>().EnsureAsync(FunctionsHost.Kind, TestContext.Current.CancellationToken);
        return rig;
    }

    /// <summary>Starts the hosted services that install the exporters, as a host does at its start.</summary>
    public async Task<TracerProvider> StartExportersAsync()
    {
        var exporters = _services.GetServices<IHostedService>()
            .Where(service => service.GetType().Namespace?.StartsWith("JobPipeline", StringComparison.Ordinal) is false);
        foreach (var exporter in exporters)
            await exporter.StartAsync(TestContext.Current.CancellationToken);
        return _services.GetRequiredService<TracerProvider>();
    }

    public async Task<JobState?> StateAsync(JobId id) =>
        (await Client.GetAsync(id, TestContext.Current.CancellationToken)).Record?.Status.State;

    /// <summary>Delivers messages of the queue until the job has reached this state.</summary>
    public Task RunUntilAsync(JobId id, JobState state, string queue = PriorityQueues.Normal) => Eventually.TrueAsync(
        async () =>
        {
            while (await Host.DeliverAsync(queue))
                Assert.Null(Host.Thrown);
            return await StateAsync(id) == state;
        },
        $"job {id} is {state}");

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
