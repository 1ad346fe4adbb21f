using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Failures.Groups;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Maintenance;
using JobPipeline.Monitoring;
using JobPipeline.Monitoring.Gauges;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Registers pauses, circuits, heartbeats, gauges and maintenance. The host has to run them.</summary>
internal static class OperationsServices
{
    public static void AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<PauseOptions>(configuration, PauseOptions.Section);
        services.AddPipelineOptions<InstanceOptions>(configuration, InstanceOptions.Section);
        services.AddPipelineOptions<HousekeepingOptions>(configuration, HousekeepingOptions.Section);
        services.TryAddSingleton(provider => new Pauses(
            provider.GetRequiredService<IPauseStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<PauseOptions>>(),
            provider.GetRequiredService<ILogger<Pauses>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, PausedWait>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, UnknownTypeWait>());
        services.TryAddSingleton(provider => new Circuits(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<JobMetrics>(),
            provider.GetRequiredService<ILogger<Circuits>>()));
        services.TryAddSingleton<QueueInspector>();
        services.TryAddSingleton<InFlightJobs>();
        services.TryAddSingleton<WaitingMessages>();
        services.TryAddSingleton<LaneHeads>();
        services.TryAddSingleton<LeftJobs>();
        services.TryAddSingleton<UnknownTypeGate>();
        services.TryAddSingleton(provider => new FleetTypes(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetService<IInstanceStore>(),
            provider.GetRequiredService<WorkerIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<InstanceOptions>>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>()));
        services.TryAddSingleton(provider => new InstanceBeat(
            provider.GetRequiredService<IInstanceStore>(),
            provider.GetRequiredService<InFlightJobs>(),
            provider.GetRequiredService<Circuits>(),
            provider.GetRequiredService<WaitingMessages>(),
            provider.GetRequiredService<LeftJobs>(),
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<WorkerIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<InstanceOptions>>(),
            provider.GetRequiredService<ILogger<InstanceBeat>>()));
        services.TryAddSingleton(provider => new InstanceCircuits(
            provider.GetRequiredService<IInstanceStore>(),
            provider.GetRequiredService<Circuits>(),
            provider.GetRequiredService<WorkerIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<InstanceOptions>>()));
        services.AddPipelineOptions<GaugeOptions>(configuration, GaugeOptions.Section);
        services.TryAddSingleton<InstanceGauges>();
        services.TryAddSingleton<PipelineGauges>();
        services.TryAddSingleton<Rescue>();
        services.TryAddSingleton<OverdueResend>();
        services.TryAddSingleton<OverdueSweep>();
        services.TryAddSingleton<Retention>();
        services.TryAddSingleton(provider => new Housekeeping(
            provider.GetRequiredService<Rescue>(),
            provider.GetRequiredService<OverdueSweep>(),
            provider.GetRequiredService<Retention>(),
            provider.GetRequiredService<ErrorGroupSweep>(),
            provider.GetRequiredService<PipelineGauges>(),
            provider.GetRequiredService<JobMetrics>(),
            provider.GetService<HostKind>(),
            provider.GetRequiredService<ILogger<Housekeeping>>()));
    }
}
