using System.Diagnostics.Metrics;
using JobPipeline.AzureStorage.Chaos;
using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Start;
using JobPipeline.AzureStorage.Workflows;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Limits.Rules;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage;

/// <summary>Registers the Azure Storage implementations of the pipeline's ports.</summary>
public static class AzureStorageServices
{
    /// <summary>
    /// Adds Azure Storage, configured by <see cref="AzureStorageOptions"/>. <see cref="StorageSetup"/> prepares the account.
    /// </summary>
    public static IServiceCollection AddAzureStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<AzureStorageOptions>(configuration, AzureStorageOptions.Section);
        services.AddSingleton<IValidateOptions<AzureStorageOptions>>(new StorageAccountValidator(configuration));
        services.AddStorageChaos();
        services.TryAddSingleton(provider => new StorageClients(
            provider.GetRequiredService<IOptions<AzureStorageOptions>>().Value, configuration, MeterOf(provider)));
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageClients>().Blobs);
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageClients>().Tables);
        services.TryAddSingleton(provider => new StorageWait(
            new StorageClients(StorageWait.Impatient(provider.GetRequiredService<IOptions<AzureStorageOptions>>().Value), configuration),
            provider.GetRequiredService<IOptions<AzureStorageOptions>>().Value.StartTimeout,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StorageWait>>()));
        services.TryAddSingleton(provider =>
            new StorageSetup(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<StorageWait>()));
        services.TryAddSingleton<QueueJobQueue>();
        services.TryAddSingleton<IJobQueue>(provider => provider.GetRequiredService<QueueJobQueue>());
        services.TryAddSingleton<IJobQueueReceiver>(provider => provider.GetRequiredService<QueueJobQueue>());
        services.TryAddSingleton<IJobStore>(
            provider => new TableJobStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Jobs)));
        services.TryAddSingleton<IJobList>(
            provider => new TableJobList(provider.GetRequiredService<StorageClients>().Table(StorageNames.Jobs)));
        services.TryAddSingleton<IUniqueKeyStore>(
            provider => new TableUniqueKeyStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Keys)));
        services.TryAddSingleton<IDeadLetterStore>(
            provider => new TableDeadLetterStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.DeadLetters)));
        services.TryAddSingleton<IErrorGroupStore>(
            provider => new TableErrorGroupStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.ErrorGroups)));
        services.TryAddSingleton<IErrorGroupHistory>(
            provider => new TableErrorGroupHistory(provider.GetRequiredService<StorageClients>().Table(StorageNames.Jobs)));
        services.TryAddSingleton<IPayloadStore>(
            provider => new BlobPayloadStore(provider.GetRequiredService<StorageClients>().Container(StorageNames.Payloads)));
        services.TryAddSingleton<IWorkflowStore>(provider => new TableWorkflowStore(
            provider.GetRequiredService<StorageClients>().Table(StorageNames.Workflows),
            provider.GetRequiredService<StorageClients>().Container(StorageNames.Payloads)));
        services.TryAddSingleton<IWorkflowData>(provider => new TableWorkflowData(
            provider.GetRequiredService<StorageClients>().Table(StorageNames.Workflows),
            provider.GetRequiredService<StorageClients>().Container(StorageNames.Payloads)));
        services.TryAddSingleton<IStrandStore>(
            provider => new TableStrandStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Workflows)));
        services.AddOperationsStorage();
        services.TryAddSingleton(provider => new StorageHealthCheck(
            provider.GetRequiredService<StorageSetup>(),
            provider.GetRequiredService<LimitRegistry>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IErrorRule, StorageErrorRule>();
        services.AddSingleton<IOutageRule, StorageOutageRule>();
        services.TryAddSingleton<MetricScrape>();
        return services;
    }

    private static StorageMeter? MeterOf(IServiceProvider provider) =>
        provider.GetService<IMeterFactory>() is { } meters ? new StorageMeter(meters, provider.GetRequiredService<MetricScrape>()) : null;
}
