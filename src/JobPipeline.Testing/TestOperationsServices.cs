using JobPipeline.Alerts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Maintenance.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Testing;

/// <summary>Registers the in-memory adapters of pauses, instances and maintenance.</summary>
internal static class TestOperationsServices
{
    public static IServiceCollection AddTestOperations(this IServiceCollection services, InMemoryQueue queue)
    {
        services.TryAddSingleton<IQueueProbe>(queue);
        services.TryAddSingleton<IPauseStore, InMemoryPauseStore>();
        services.TryAddSingleton<IInstanceStore, InMemoryInstanceStore>();
        services.TryAddSingleton<IAlertStore, InMemoryAlertStore>();
        services.TryAddKeyedSingleton<ISweepLedger>(KeyedService.AnyKey, (_, _) => new InMemorySweepLedger());
        services.TryAddSingleton<IOpenJobList>(provider => new InMemoryOpenJobList(provider.InMemory<IJobStore, InMemoryJobStore>()));
        services.TryAddSingleton<IUniqueKeySweep>(provider =>
            new InMemoryUniqueKeySweep(provider.InMemory<IUniqueKeyStore, InMemoryUniqueKeyStore>()));
        services.AddSingleton<IRetentionSweep>(provider => new InMemoryJobSweep(provider.InMemory<IJobStore, InMemoryJobStore>()));
        services.AddSingleton<IRetentionSweep>(provider => new InMemoryPayloadSweep(
            provider.InMemory<IPayloadStore, InMemoryPayloadStore>(), provider.InMemory<IJobStore, InMemoryJobStore>()));
        services.AddSingleton<IRetentionSweep>(provider =>
            new InMemoryDeadLetterSweep(provider.InMemory<IDeadLetterStore, InMemoryDeadLetterStore>()));
        services.TryAddSingleton<IErrorGroupStore, InMemoryErrorGroupStore>();
        services.TryAddSingleton<IErrorGroupHistory>(provider =>
            new InMemoryErrorGroupHistory(provider.InMemory<IJobStore, InMemoryJobStore>()));
        return services;
    }

    private static TStore InMemory<TPort, TStore>(this IServiceProvider provider)
        where TPort : notnull
        where TStore : class, TPort =>
        provider.GetRequiredService<TPort>() as TStore
        ?? throw new InvalidOperationException(
            $"In-memory maintenance requires the harness's own {typeof(TStore).Name}; another {typeof(TPort).Name} is registered.");
}
