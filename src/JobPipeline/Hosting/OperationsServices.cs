using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Local;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.Maintenance.Heartbeats;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Maintenance.Rescue;
using JobPipeline.Maintenance.Retention;
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
        services.AddPipelineOptions<InstanceOptions>(configuration, InstanceOptions.Section);
        services.AddPipelineOptions<MaintenanceOptions>(configuration, MaintenanceOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWaitReason, UnknownTypeWait>());
        services.TryAddSingleton<QueueInspector>();
        services.TryAddSingleton<InFlightJobs>();
        services.TryAddSingleton<WaitingMessages>();
        services.TryAddSingleton<QueueHeads>();
        services.TryAddSingleton<LeftJobs>();
        services.TryAddSingleton<UnknownTypeGate>();
        services.TryAddSingleton(provider => new FleetTypes(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetService<IInstanceStore>(),
            provider.GetRequiredService<WorkerIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<InstanceOptions>>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>()));
        services.TryAddSingleton<InstanceHeartbeat>();
        services.TryAddSingleton<InstanceCircuits>();
        services.AddPipelineOptions<GaugeOptions>(configuration, GaugeOptions.Section);
        services.TryAddSingleton<InstanceGauges>();
        services.TryAddSingleton<PipelineGauges>();
        services.TryAddSingleton<Rescuer>();
        services.TryAddSingleton<ParkedSuspects>();
        services.TryAddSingleton<OverdueResend>();
        services.TryAddSingleton<OverdueSweep>();
        services.TryAddSingleton<RetentionSweeper>();
        services.TryAddSingleton(provider => new MaintenanceRunner(
            provider.GetRequiredService<Rescuer>(),
            provider.GetRequiredService<OverdueSweep>(),
            provider.GetRequiredService<RetentionSweeper>(),
            provider.GetRequiredService<ErrorGroupSweep>(),
            provider.GetRequiredService<PipelineGauges>(),
            provider.GetRequiredService<LocalGates>(),
            provider.GetRequiredService<JobMetrics>(),
            provider.GetService<HostKind>(),
            provider.GetRequiredService<ILogger<MaintenanceRunner>>()));
    }
}
