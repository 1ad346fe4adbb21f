using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Wires workflows. Definitions are registered one by one (<see cref="AddWorkflow"/>); the expression language comes from an adapter.</summary>
public static class WorkflowServices
{
    /// <summary>Makes a workflow known by its name.</summary>
    public static IServiceCollection AddWorkflow(this IServiceCollection services, WorkflowDefinition definition) => services.AddSingleton(definition);

    /// <summary>The local runner: workflows without Durable Functions. A host has to feed it with the messages of <see cref="WorkflowEvents.Queue"/>.</summary>
    public static IServiceCollection AddLocalWorkflows(this IServiceCollection services)
    {
        services.AddSingleton<IWorkflowSignals, QueuedWorkflowSignals>();
        services.TryAddSingleton<StepResults>();
        services.TryAddSingleton<IWorkflowRuntime, LocalWorkflows>();
        services.TryAddSingleton<LocalEffects>();
        services.TryAddSingleton<LocalTurns>();
        services.TryAddSingleton(provider => new LocalWorkflowRunner(
            provider.GetRequiredService<LocalTurns>(),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<IDeadLetterStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LocalWorkflowRunner>>()));
        return services;
    }

    /// <summary>What an interpreter needs that waits for each answer: Durable Functions. It brings its own <see cref="IWorkflowRuntime"/>.</summary>
    public static IServiceCollection AddWorkflowActivities(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new StepActivity(
            provider.GetRequiredService<StepRequests>(),
            provider.GetRequiredService<JobClient>(),
            provider.GetRequiredService<DeliveryExecutor>(),
            provider.GetRequiredService<IPayloadStore>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StepActivity>>()));
        services.TryAddSingleton(provider => new InstanceActivity(
            provider.GetRequiredService<ChildDefinitions>(),
            provider.GetRequiredService<StepEdge>(),
            provider.GetRequiredService<InstanceValues>(),
            provider.GetRequiredService<IWorkflowStore>(),
            provider.GetRequiredService<IWorkflowData>(),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<InstanceActivity>>()));
        return services;
    }

    internal static void AddWorkflows(this IServiceCollection services)
    {
        services.TryAddSingleton<IWorkflowSignals, NoWorkflowSignals>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageRule, ExpressionFaults>());
        services.TryAddSingleton(provider => new WorkflowEvents(provider.GetRequiredService<IJobQueue>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<StepEdge>();
        services.TryAddSingleton<StepRequests>();
        services.TryAddSingleton<ChildDefinitions>();
        services.TryAddSingleton<InstanceValues>();
        services.TryAddSingleton<WorkflowStarter>();
        services.TryAddSingleton(provider => new WorkflowPurge(provider.GetRequiredService<IWorkflowStore>(), provider.GetRequiredService<IWorkflowData>()));
        services.AddSingleton<IRetentionSweep>(provider => new WorkflowSweep(
            provider.GetRequiredService<IWorkflowStore>(),
            // Asked for when there is something to purge: a host that runs no workflows has no runtime.
            new Lazy<IWorkflowRuntime>(provider.GetRequiredService<IWorkflowRuntime>),
            provider.GetRequiredService<FaultRules>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>().Value.WorkflowRetention ?? provider.GetRequiredService<IOptions<JobPipelineOptions>>().Value.Retention,
            provider.GetRequiredService<ILogger<WorkflowSweep>>()));
        services.TryAddSingleton(provider => new WorkflowValidator(provider.GetRequiredService<JobRegistry>(), provider.GetRequiredService<IExpressionEvaluator>()));
        services.TryAddSingleton(provider => new WorkflowCatalog(provider.GetServices<WorkflowDefinition>(), provider.GetRequiredService<WorkflowValidator>()));
    }
}
