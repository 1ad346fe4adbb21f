using System.Reflection;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Claims;
using JobPipeline.Execution.Running;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance.Heartbeats;
using JobPipeline.Workflows.Definitions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>Registers the core. Storage comes from an adapter project, handlers from the given assemblies.</summary>
public static class JobPipelineServices
{
    /// <summary>
    /// Adds the pipeline with its own jobs, those of the given assemblies, and the settings of section <c>JobPipeline</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A handler's declaration is invalid.</exception>
    public static IServiceCollection AddJobPipeline(
        this IServiceCollection services, IConfiguration configuration, params Assembly[] jobAssemblies) =>
        services.AddJobPipeline(configuration, PipelineJobs.Handlers.Concat(jobAssemblies.SelectMany(assembly => assembly.GetTypes())));

    /// <summary>Adds the pipeline with only the handlers among the given types, for tests.</summary>
    internal static IServiceCollection AddJobPipeline(
        this IServiceCollection services, IConfiguration configuration, IEnumerable<Type> handlerTypes)
    {
        var handlers = JobScanner.Scan(handlerTypes.Concat(PipelineJobs.Handlers));
        foreach (var (_, invoker) in handlers)
            services.TryAddTransient(invoker.HandlerType);

        services.AddPipelineOptions<JobPipelineOptions>(configuration, JobPipelineOptions.Section);
        services.AddPipelineOptions<ChaosOptions>(configuration, ChaosOptions.Section);
        services.AddSingleton<IValidateOptions<JobPipelineOptions>>(provider => new JobPipelineOptionsValidator(
            configuration.GetSection(JobPipelineOptions.Section),
            provider.GetServices<PipelineSection>(),
            handlers.ToDictionary(h => h.Attribute.Type, h => JobPolicies.Of(h.Attribute), StringComparer.Ordinal)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(WorkerIdentity.OfThisProcess());
        services.TryAddSingleton<MetricScrape>();
        services.TryAddSingleton(provider => new JobMetrics(
            provider.GetService<System.Diagnostics.Metrics.IMeterFactory>(),
            provider.GetServices<WorkflowDefinition>().Select(workflow => workflow.Name),
            provider.GetRequiredService<MetricScrape>()));
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<JobPipelineOptions>>().Value;
            return new JobRegistry(handlers.Select(h =>
                JobScanner.Describe(h.Attribute, h.Invoker, options.Jobs.GetValueOrDefault(h.Attribute.Type))));
        });
        services.TryAddSingleton(provider => new ErrorClassifier(
            provider.GetServices<IErrorRule>(), provider.GetService<ILogger<ErrorClassifier>>()));
        services.TryAddSingleton<FaultRules>();
        services.TryAddSingleton<UniqueKeys>();
        services.TryAddSingleton<Enqueuer>();
        services.TryAddSingleton<IOwnDelivery, NoOwnDelivery>();
        services.TryAddSingleton<StepSender>();
        services.TryAddSingleton<JobCanceller>();
        services.TryAddSingleton(provider => new JobClient(
            provider.GetRequiredService<JobRegistry>(),
            provider.GetRequiredService<FleetTypes>(),
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<Enqueuer>(),
            provider.GetRequiredService<JobCanceller>(),
            provider.GetRequiredService<JobMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddGates(configuration);
        services.AddOperations(configuration);
        services.AddWorkflows();
        services.AddDeadLetters();
        services.AddErrorGroups(configuration);
        services.AddAlerts(configuration);
        services.TryAddSingleton<AttemptSender>();
        services.TryAddSingleton<DeadLetterWriter>();
        services.TryAddSingleton<FollowUps>();
        services.TryAddSingleton<MessageResender>();
        services.TryAddSingleton<Admission>();
        services.TryAddSingleton<Claimant>();
        services.TryAddSingleton(new HandlerThread());
        services.TryAddSingleton<HandlerRunner>();
        services.TryAddSingleton<VerdictRules>();
        services.TryAddSingleton<OutcomeRecorder>();
        services.TryAddSingleton<AttemptMeter>();
        services.TryAddSingleton<JobExecutor>();
        services.TryAddSingleton(provider => new DeliveryExecutor(
            provider.GetRequiredService<JobExecutor>(),
            provider.GetRequiredService<FollowUps>(),
            provider.GetRequiredService<AttemptSender>(),
            provider.GetRequiredService<DeadLetterWriter>(),
            provider.GetRequiredService<MessageResender>(),
            provider.GetRequiredService<IJobStore>(),
            provider.GetRequiredService<WaitingMessages>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<JobPipelineOptions>>()));
        return services;
    }

    /// <summary>
    /// Adds the background services of an instance: its heartbeat and the stop record, the refresh of pauses, the measurement of memory,
    /// and the flush of error counts. Call it before adding services that receive messages: services stop in reverse order.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="hostKind">The kind of host, such as <c>self-host</c> or <c>functions</c>.</param>
    public static IServiceCollection AddInstanceUpkeep(this IServiceCollection services, string hostKind)
    {
        services.AddSingleton(new HostKind(hostKind));
        // Measures before the first heartbeat, which says what it measured.
        services.AddHostedService<GovernorWatch>();
        services.AddHostedService<HeartbeatService>();
        services.AddHostedService<ErrorFlushService>();
        services.AddHostedService<PauseWatch>();
        return services;
    }

    /// <summary>
    /// Binds a section, validates it at start-up (durations with <see cref="Jobs.Wire.WireDuration"/>), and registers its name, so
    /// that a misspelled setting beside it is detected.
    /// </summary>
    public static IServiceCollection AddPipelineOptions<TOptions>(
        this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
    {
        var binding = new SettingBinding<TOptions>(configuration.GetSection(section));
        services.AddOptions<TOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<TOptions>>(binding);
        services.AddSingleton<IValidateOptions<TOptions>>(binding);
        services.AddSingleton<IValidateOptions<TOptions>>(new OptionAnnotations<TOptions>(section));
        services.AddSingleton(new PipelineSection(section, typeof(TOptions)));
        return services;
    }
}
