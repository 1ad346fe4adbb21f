using JobPipeline.Alerts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Testing;

/// <summary>Registers the in-memory adapters.</summary>
internal static class InMemoryStorageServices
{
    /// <summary>
    /// Registers the in-memory adapter of every storage port that has none yet. A port of the jobs that is decorated needs the
    /// decorated adapter as a service too, because lists and maintenance read it.
    /// </summary>
    public static IServiceCollection AddInMemoryStorage(this IServiceCollection services, InMemoryQueue queue)
    {
        services.TryAddSingleton<IJobQueue>(queue);
        services.TryAddSingleton<IJobQueueReceiver>(queue);
        services.TryAddSingleton<IQueueProbe>(queue);
        services.TryAddSingleton<IJobStore, InMemoryJobStore>();
        services.TryAddSingleton<IPayloadStore>(provider => new InMemoryPayloadStore(provider.GetService<TimeProvider>()));
        services.TryAddSingleton<IUniqueKeyStore, InMemoryUniqueKeyStore>();
        services.TryAddSingleton<IDeadLetterStore, InMemoryDeadLetterStore>();
        services.TryAddSingleton<IErrorGroupStore, InMemoryErrorGroupStore>();
        services.TryAddSingleton<IPauseStore, InMemoryPauseStore>();
        services.TryAddSingleton<ILimitStore, InMemoryLimitStore>();
        services.TryAddSingleton<IInstanceStore, InMemoryInstanceStore>();
        services.TryAddSingleton<IAlertStore, InMemoryAlertStore>();
        services.TryAddSingleton<IWorkflowStore>(provider =>
            new InMemoryWorkflowStore(provider.GetService<IWorkflowData>() as InMemoryWorkflowData ?? new InMemoryWorkflowData()));
        services.TryAddSingleton<IWorkflowData, InMemoryWorkflowData>();
        services.TryAddSingleton<IStrandStore, InMemoryStrandStore>();
        services.TryAddKeyedSingleton<ISweepLedger>(KeyedService.AnyKey, (_, _) => new InMemorySweepLedger());
        return services.AddLists().AddSweeps();
    }

    private static IServiceCollection AddLists(this IServiceCollection services)
    {
        services.TryAddSingleton<IJobList>(provider => new InMemoryJobList(provider.Jobs()));
        services.TryAddSingleton<IOpenJobList>(provider => new InMemoryOpenJobList(provider.Jobs()));
        services.TryAddSingleton<IErrorGroupHistory>(provider => new InMemoryErrorGroupHistory(provider.Jobs()));
        return services;
    }

    private static IServiceCollection AddSweeps(this IServiceCollection services)
    {
        services.TryAddSingleton<IUniqueKeySweep>(provider =>
            new InMemoryUniqueKeySweep(provider.InMemory<IUniqueKeyStore, InMemoryUniqueKeyStore>()));
        services.AddSingleton<IRetentionSweep>(provider => new InMemoryJobSweep(provider.Jobs()));
        services.AddSingleton<IRetentionSweep>(provider =>
            new InMemoryPayloadSweep(provider.InMemory<IPayloadStore, InMemoryPayloadStore>(), provider.Jobs()));
        services.AddSingleton<IRetentionSweep>(provider =>
            new InMemoryDeadLetterSweep(provider.InMemory<IDeadLetterStore, InMemoryDeadLetterStore>()));
        return services;
    }

    private static InMemoryJobStore Jobs(this IServiceProvider provider) => provider.InMemory<IJobStore, InMemoryJobStore>();

    private static TStore InMemory<TPort, TStore>(this IServiceProvider provider)
        where TPort : notnull
        where TStore : class, TPort =>
        provider.GetRequiredService<TPort>() as TStore
        ?? provider.GetService<TStore>()
        ?? throw new InvalidOperationException(
            $"In-memory lists and maintenance require {typeof(TStore).Name}; another {typeof(TPort).Name} is registered.");
}
