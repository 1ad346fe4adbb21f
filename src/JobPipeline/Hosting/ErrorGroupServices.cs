using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Maintenance.Retention;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.Hosting;

/// <summary>Registers the counting of errors and the triage of error groups.</summary>
internal static class ErrorGroupServices
{
    public static void AddErrorGroups(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<ErrorGroupOptions>(configuration, ErrorGroupOptions.Section);
        services.TryAddSingleton<ErrorCounter>();
        services.TryAddSingleton<ErrorGroupSweep>();
        services.TryAddSingleton<ErrorGroupTriage>();
    }
}
