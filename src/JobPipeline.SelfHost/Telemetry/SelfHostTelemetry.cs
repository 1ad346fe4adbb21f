using JobPipeline.Diagnostics;
using JobPipeline.Http;
using JobPipeline.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JobPipeline.SelfHost.Telemetry;

/// <summary>
/// The telemetry of this host in addition to that of both hosts: a Prometheus metrics endpoint, and a span for each API
/// request.
/// </summary>
internal static class SelfHostTelemetry
{
    /// <summary>The path of the metrics endpoint. It requires a key, like the API.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The header that identifies a scrape; Prometheus and compatible scrapers send it.</summary>
    public const string ScrapeHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    public static IServiceCollection AddSelfHostTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineTelemetry(configuration).WithMetrics(metrics => metrics.AddPrometheusExporter());
        // Has no effect if tracing is disabled.
        services.ConfigureOpenTelemetryTracerProvider(
            tracing => tracing.AddAspNetCoreInstrumentation(requests => requests.Filter = IsTraced));
        return services;
    }

    /// <summary>Reports zero once to scrapers for new series that an alert rule uses. Other requests get the values unchanged.</summary>
    public static IApplicationBuilder UseMetricScrapes(this IApplicationBuilder app)
    {
        var scrape = app.ApplicationServices.GetRequiredService<MetricScrape>();
        return app.Use((context, next) =>
            context.Request.Headers.ContainsKey(ScrapeHeader)
                && context.Request.Path.Equals(MetricsPath, StringComparison.OrdinalIgnoreCase)
                ? scrape.RunAsync(() => next(context))
                : next(context));
    }

    /// <summary>Whether a request is traced; frequent requests without information, such as scrapes and probes, are not.</summary>
    private static bool IsTraced(HttpContext context) =>
        !context.Request.Path.Equals(MetricsPath, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.Equals("/" + ApiRoutes.Live, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.Equals("/" + ApiRoutes.Ready, StringComparison.OrdinalIgnoreCase);
}
