using JobPipeline.Diagnostics;
using JobPipeline.Http;
using JobPipeline.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JobPipeline.SelfHost.Telemetry;

/// <summary>What this host exports beyond what both do: metrics for Prometheus to fetch, and a span for each request to the API.</summary>
internal static class SelfHostTelemetry
{
    /// <summary>Where Prometheus looks. It asks for a key like the API does.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The header that tells a scraper from a person: Prometheus and its relatives send it with every scrape.</summary>
    public const string ScrapeHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    public static IServiceCollection AddSelfHostTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineTelemetry(configuration).WithMetrics(metrics => metrics.AddPrometheusExporter());
        // Where nothing is traced this is never asked.
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddAspNetCoreInstrumentation(requests => requests.Filter = IsTraced));
        return services;
    }

    /// <summary>Shows a scraper zero first of what an alert rule names. A person who asks sees the numbers as they are.</summary>
    public static IApplicationBuilder UseMetricScrapes(this IApplicationBuilder app)
    {
        var scrape = app.ApplicationServices.GetRequiredService<MetricScrape>();
        return app.Use((context, next) =>
            context.Request.Headers.ContainsKey(ScrapeHeader)
                && context.Request.Path.Equals(MetricsPath, StringComparison.OrdinalIgnoreCase)
                ? scrape.RunAsync(() => next(context))
                : next(context));
    }

    /// <summary>What is asked for every few seconds, and tells nothing.</summary>
    private static bool IsTraced(HttpContext context) =>
        !context.Request.Path.Equals(MetricsPath, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.Equals("/" + ApiRoutes.Live, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.Equals("/" + ApiRoutes.Ready, StringComparison.OrdinalIgnoreCase);
}
