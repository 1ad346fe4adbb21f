using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Workflows;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>
/// Registers workflows. Definitions are added one by one (<see cref="AddWorkflow"/>); the expression language comes from an
/// adapter.
/// </summary>
public static class WorkflowServices
{
    /// <summary>Adds a workflow definition.</summary>
    public static IServiceCollection AddWorkflow(this IServiceCollection services, WorkflowDefinition definition) =>
        services.AddSingleton(definition);

    /// <summary>
    /// Adds the local runner, which runs workflows without Durable Functions. The host has to pass it the messages of
    /// <see cref="WorkflowEvents.Queue"/>.
    /// </summary>
    public static IServiceCollection AddLocalWorkflows(this IServiceCollection services)
    {
        services.AddSingleton<QueuedWorkflowSignals>();
        services.AddSingleton<IWorkflowSignals>(provider => provider.GetRequiredService<QueuedWorkflowSignals>());
        services.TryAddSingleton<StepResults>();
        services.TryAddSingleton<IWorkflowRuntime, LocalWorkflows>();
        services.TryAddSingleton<LocalJobEffects>();
        services.TryAddSingleton<LocalEffects>();
        services.TryAddSingleton<LocalTurns>();
        services.TryAddSingleton<ILocalTurns>(provider => provider.GetRequiredService<LocalTurns>());
        services.TryAddSingleton<LocalWorkflowRunner>();
        return services;
    }

    /// <summary>
    /// Adds the local runner for a host that advances workflow instances in its own memory: the ends of steps need no event message, and
    /// an instance is not read for each of them. The host has to call <see cref="TurnQueue.RestAsync(bool)"/> about every second and when
    /// it
    /// stops.
    /// </summary>
    internal static IServiceCollection AddWorkflowsInMemory(this IServiceCollection services)
    {
        services.TryAddSingleton<KnownInstances>();
        services.TryAddSingleton<TurnQueue>();
        services.TryAddSingleton<ILocalTurns>(provider => provider.GetRequiredService<TurnQueue>());
        services.AddLocalWorkflows();
        services.AddSingleton<IWorkflowSignals, DirectWorkflowSignals>();
        return services;
    }

    /// <summary>
    /// Adds the activities for an interpreter that waits for each result: Durable Functions. It provides its own
    /// <see cref="IWorkflowRuntime"/>.
    /// </summary>
    public static IServiceCollection AddWorkflowActivities(this IServiceCollection services)
    {
        services.TryAddSingleton<StepEndings>();
        services.AddSingleton<IWorkflowSignals>(provider => provider.GetRequiredService<StepEndings>());
        services.TryAddSingleton(provider => new StepActivity(
            provider.GetRequiredService<StepRequests>(),
            provider.GetRequiredService<JobClient>(),
            provider.GetRequiredService<DeliveryExecutor>(),
            provider.GetRequiredService<StepEndings>(),
            provider.GetRequiredService<IPayloadStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StepActivity>>()));
        services.TryAddSingleton(provider => new InstanceActivity(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<ChildDefinitions>(),
            provider.GetRequiredService<StepInputResolver>(),
            provider.GetRequiredService<InstanceValues>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<InstanceActivity>>()));
        services.TryAddSingleton(provider => new StepPackActivity(
            provider.GetRequiredService<StepActivity>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<StrandClaims>();
        services.TryAddSingleton(provider => new StrandActivity(
            provider.GetRequiredService<StepActivity>(),
            provider.GetRequiredService<StrandClaims>(),
            provider.GetRequiredService<IStrandStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StrandActivity>>()));
        return services;
    }

    internal static void AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton<IWorkflowSignals, NoWorkflowSignals>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageRule, ExpressionOutageRule>());
        services.TryAddSingleton<WorkflowEvents>();
        services.TryAddSingleton(provider => new WorkflowClient(
            provider.GetRequiredService<IWorkflowRuntime>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<WorkflowCatalog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<StepInputResolver>();
        services.TryAddSingleton<StepRequests>();
        services.TryAddSingleton<ChildDefinitions>();
        services.TryAddSingleton<InstanceValues>();
        services.TryAddSingleton<WorkflowStarter>();
        services.TryAddSingleton<WorkflowPurge>();
        services.AddSingleton<IRetentionSweep>(provider => new WorkflowSweep(
            provider.GetRequiredService<IWorkflowStore>(),
            // Resolved only when there is something to purge: a host that runs no workflows has no runtime.
            new Lazy<IWorkflowRuntime>(provider.GetRequiredService<IWorkflowRuntime>),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>().Value.WorkflowRetention
                ?? provider.GetRequiredService<IOptions<JobPipelineOptions>>().Value.Retention,
            provider.GetRequiredService<ILogger<WorkflowSweep>>()));
        services.TryAddSingleton<WorkflowValidator>();
        services.TryAddSingleton(provider => new WorkflowCatalog(
            provider.GetServices<WorkflowDefinition>(), provider.GetRequiredService<WorkflowValidator>()));
    }
}
