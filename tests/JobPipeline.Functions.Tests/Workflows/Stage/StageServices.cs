using System.Text;
using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Execution.Running;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>The services of a host on Azurite, in virtual time.</summary>
internal static class StageServices
{
    /// <param name="azurite">The storage; the host uses its own prefix.</param>
    /// <param name="hostKind">The kind of host.</param>
    /// <param name="definitions">The registered workflows, as JSON.</param>
    /// <param name="addHost">Adds the services of the host.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<(ServiceProvider Services, VirtualTimeProvider Time)> CreateAsync(
        SharedAzurite azurite,
        string hostKind,
        string[] definitions,
        Action<IServiceCollection, IConfiguration> addHost,
        params KeyValuePair<string, string?>[] settings)
    {
        // Foreign messages have the real insertion time of the service.
        var time = new VirtualTimeProvider(TimeProvider.System.GetUtcNow());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("AzureWebJobsStorage", azurite.ConnectionString),
            new("JobPipeline:Storage:Prefix", azurite.NewPrefix()),
            .. settings,
        ]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(time);
        services.AddSingleton<FlowScript>()
            .AddSingleton<Script>()
            .AddSingleton<IExpressionEvaluator, PathEvaluator>()
            .AddSingleton(new HandlerThread(isInline: true));
        var requests = new StorageRequests();
        services.AddSingleton(requests).Configure<AzureStorageOptions>(options => options.ConfigureClient = requests.Attach);
        foreach (var definition in definitions)
            services.AddWorkflow(Read(definition));
        addHost(services, configuration);
        services.DelayVirtually();
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<StorageSetup>().EnsureAsync(hostKind, TestContext.Current.CancellationToken);
        return (provider, time);
    }

    public static WorkflowDefinition Read(string definition) =>
        WorkflowReader.Read(Encoding.UTF8.GetBytes(definition), out var faults)
            ?? throw new InvalidOperationException(string.Join("; ", faults));

    private static void DelayVirtually(this IServiceCollection services)
    {
        var sender = services.Last(service => service.ServiceType == typeof(IJobQueue)).ImplementationFactory!;
        var receiver = services.Last(service => service.ServiceType == typeof(IJobQueueReceiver)).ImplementationFactory!;
        services.AddSingleton(
            provider => new VirtualDelayQueue(
                (IJobQueue)sender(provider), (IJobQueueReceiver)receiver(provider), provider.GetRequiredService<TimeProvider>()));
        services.Replace(ServiceDescriptor.Singleton<IJobQueue>(provider => provider.GetRequiredService<VirtualDelayQueue>()));
        services.Replace(ServiceDescriptor.Singleton<IJobQueueReceiver>(provider => provider.GetRequiredService<VirtualDelayQueue>()));
    }
}
