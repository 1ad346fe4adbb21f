using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Pauses;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Wires the gates that a job passes before it starts, and their answers to why it waits.</summary>
internal static class GateServices
{
    public static void AddGates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<PauseOptions>(configuration, PauseOptions.Section);
        services.TryAddSingleton(provider => new PauseRegistry(
            provider.GetRequiredService<IPauseStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<PauseOptions>>(),
            provider.GetRequiredService<ILogger<PauseRegistry>>()));
        services.TryAddSingleton(provider => new CircuitRegistry(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<JobMetrics>(),
            provider.GetRequiredService<ILogger<CircuitRegistry>>()));
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
