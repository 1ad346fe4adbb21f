using JobPipeline.Alerts;
using JobPipeline.AzureStorage.Alerts;
using JobPipeline.AzureStorage.Limits;
using JobPipeline.AzureStorage.Maintenance;
using JobPipeline.Configuration;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Maintenance.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.AzureStorage;

/// <summary>Registers the ports of pauses, instances, alerts and maintenance.</summary>
internal static class OperationsStorageServices
{
    public static void AddOperationsStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IQueueProbe>(provider => new QueueProbe(provider.GetRequiredService<StorageClients>()));
        services.TryAddSingleton<IPauseStore>(
            provider => new TablePauseStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Pauses)));
        services.TryAddSingleton<ILimitStore>(
            provider => new TableLimitStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Limits)));
        services.TryAddSingleton<IInstanceStore>(
            provider => new TableInstanceStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Instances)));
        services.TryAddSingleton<IAlertStore>(
            provider => new TableAlertStore(provider.GetRequiredService<StorageClients>().Table(StorageNames.Alerts)));
        services.TryAddKeyedSingleton<ISweepLedger>(KeyedService.AnyKey, (provider, sweep) =>
            new TableSweepLedger(provider.GetRequiredService<StorageClients>().Table(StorageNames.Housekeeping), (string)sweep!));
        services.TryAddSingleton<IOpenJobList>(
            provider => new TableOpenJobList(provider.GetRequiredService<StorageClients>().Table(StorageNames.Jobs)));
        services.TryAddSingleton<IUniqueKeySweep>(
            provider => new TableUniqueKeySweep(provider.GetRequiredService<StorageClients>().Table(StorageNames.Keys)));
        services.AddSingleton<IRetentionSweep>(
            provider => new TableJobSweep(provider.GetRequiredService<StorageClients>().Table(StorageNames.Jobs)));
        services.AddSingleton<IRetentionSweep>(provider => new BlobPayloadSweep(
            provider.GetRequiredService<StorageClients>().Container(StorageNames.Payloads), provider.GetRequiredService<IJobStore>()));
        services.AddSingleton<IRetentionSweep>(
            provider => new TableDeadLetterSweep(provider.GetRequiredService<StorageClients>().Table(StorageNames.DeadLetters)));
    }
}
