using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Pauses;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Hosting;

/// <summary>Registers the gates that are asked before a job starts, and the reasons why a job waits.</summary>
internal static class GateServices
{
    public static void AddGates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<PauseOptions>(configuration, PauseOptions.Section);
        services.TryAddSingleton<PauseRegistry>();
        services.TryAddSingleton<CircuitRegistry>();
        services.AddGate<PauseGate>();
        services.AddGate<CircuitGate>();
        services.TryAddSingleton<StartGates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, RecordedWait>());
        services.TryAddSingleton<WaitReasons>();
    }

    private static void AddGate<TGate>(this IServiceCollection services)
        where TGate : class, IStartGate, IWaitReason
    {
        services.TryAddSingleton<TGate>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartGate, TGate>(static provider => provider.GetRequiredService<TGate>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, TGate>(static provider => provider.GetRequiredService<TGate>()));
    }
}
