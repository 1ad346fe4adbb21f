using JobPipeline.Diagnostics;
using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Governor;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Pauses;
using JobPipeline.Limits.Permits;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Registers the gates that are asked before a job starts, and the reasons why a job waits.</summary>
internal static class GateServices
{
    public static void AddGates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<PauseOptions>(configuration, PauseOptions.Section);
        services.TryAddSingleton<PauseRegistry>();
        services.TryAddSingleton<CircuitRegistry>();
        services.AddGovernor(configuration);
        services.AddGate<PauseGate>();
        services.AddGate<ResourceGate>();
        services.AddGate<CircuitGate>();
        services.AddLimits();
        services.TryAddSingleton<StartGates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, RecordedWait>());
        services.TryAddSingleton<WaitReasons>();
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.TryAddSingleton<LimitRegistry>();
        services.TryAddSingleton<LimitKeys>();
        services.TryAddSingleton<HeldJobs>();
        services.TryAddSingleton<GrantSender>();
        services.TryAddSingleton(provider => new LimitMetrics(
            provider.GetService<System.Diagnostics.Metrics.IMeterFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<LocalGateServices>();
        services.TryAddSingleton<LocalGates>();
        services.TryAddSingleton<LimitGate>();
        services.TryAddSingleton<LimitControl>();
        services.TryAddSingleton<JobGates>();
        services.TryAddSingleton<ParkedJobs>();
        services.TryAddSingleton<IParkedJobs>(static provider => provider.GetRequiredService<ParkedJobs>());
        services.TryAddSingleton<JobExpediter>();
        services.TryAddSingleton<CallPermits>();
        services.TryAddSingleton<HandlerLimits>();
        services.TryAddSingleton<IJobLimits>(static provider => provider.GetRequiredService<HandlerLimits>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IStartGate, LimitGate>(static provider => provider.GetRequiredService<LimitGate>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, LimitWait>());
    }

    private static void AddGovernor(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<GovernorOptions>(configuration, GovernorOptions.Section);
        services.AddSingleton<IValidateOptions<GovernorOptions>, GovernorOptionsValidator>();
        services.TryAddSingleton<IResourceProbe>(ProcessProbe.Shared);
        services.TryAddSingleton<ResourceGovernor>();
        services.TryAddSingleton<MemoryLedger>();
    }

    private static void AddGate<TGate>(this IServiceCollection services)
        where TGate : class, IStartGate, IWaitReason
    {
        services.TryAddSingleton<TGate>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartGate, TGate>(static provider => provider.GetRequiredService<TGate>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, TGate>(static provider => provider.GetRequiredService<TGate>()));
    }
}
