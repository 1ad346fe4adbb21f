using JobPipeline.BuiltIn.Alerts;
using JobPipeline.BuiltIn.Expressions;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.BuiltIn.Weather;
using JobPipeline.BuiltIn.Web;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn;

/// <summary>Registers the services of the built-in jobs.</summary>
public static class BuiltInServices
{
    /// <summary>
    /// Registers the services of the built-in jobs. The options are <see cref="BuiltInOptions"/>,
    /// <see cref="Web.Outbound.OutboundOptions"/> and <see cref="Alerts.AlertReceiverOptions"/>. <c>BlobServiceClient</c> and
    /// <c>TableServiceClient</c> must be registered. Pass this assembly to <c>AddJobPipeline</c> to register the jobs themselves.
    /// </summary>
    public static IServiceCollection AddBuiltInJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<BuiltInOptions>(configuration, BuiltInOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IExpressionEvaluator, JmesPathEvaluator>();
        foreach (var workflow in ShippedWorkflows.All)
            services.AddWorkflow(workflow);
        services.TryAddSingleton<FileRoots>();
        services.TryAddSingleton<SourceFinder>();
        services.TryAddSingleton(ReservedNames.From(configuration));
        services.TryAddSingleton<UserStorage>();
        services.AddSingleton<IValidateOptions<BuiltInOptions>, StorageAccessValidator>();
        return services.AddHttpRequests(configuration).AddAlertReceivers(configuration);
    }
}
