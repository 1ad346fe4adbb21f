using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Registers the services of <c>http.request</c>.</summary>
internal static class HttpRequestServices
{
    public static IServiceCollection AddHttpRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<OutboundOptions>(configuration, OutboundOptions.Section);
        services.TryAddSingleton<IHostResolver, DnsHostResolver>();
        services.TryAddSingleton(new TlsTrust());
        services.TryAddSingleton<OutboundPolicy>();
        services.TryAddSingleton<OutboundDialer>();
        services.TryAddSingleton<OutboundPools>();
        services.TryAddSingleton<WebConnections>();
        services.TryAddSingleton<CallBuilder>();
        services.TryAddSingleton<HttpExchange>();
        return services;
    }
}
