using JobPipeline.Execution.Running;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.Testing;

/// <summary>Registers the pipeline with the in-memory adapters.</summary>
internal static class TestPipelineServices
{
    public static IServiceCollection AddTestPipeline(
        this IServiceCollection services, JobTestHarnessOptions options, TimeProvider clock, InMemoryQueue queue)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(options.Configuration).Build();
        services.AddSingleton<IConfiguration>(configuration);
        options.ConfigureServices?.Invoke(services);
        services.AddSingleton(new HandlerThread(isInline: true, WatchedHandlers.RunAsync));
        services.AddJobPipeline(configuration, options.Assemblies.SelectMany(assembly => assembly.GetTypes()).Concat(options.Handlers));
        services.Replace(ServiceDescriptor.Singleton(clock));
        services.Replace(ServiceDescriptor.Singleton<IJobQueue>(queue));
        services.Replace(ServiceDescriptor.Singleton<IJobQueueReceiver>(queue));
        services.AddInMemoryStorage(queue);
        services.TryAddSingleton<IExpressionEvaluator, NoExpressions>();
        services.AddLocalWorkflows();
        services.TryAddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.TryAddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;
    }
}
