using Azure.Monitor.OpenTelemetry.Exporter;
using JobPipeline.Diagnostics;
using JobPipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JobPipeline.Telemetry;

/// <summary>Wires OpenTelemetry: the same on both hosts.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Adds metrics, and traces and logs where there is somewhere to send them. With <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>
    /// all go to Application Insights, with <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to a collector, with both to both, with none nowhere.
    /// </summary>
    /// <returns>To add what only the host knows.</returns>
    public static IOpenTelemetryBuilder AddPipelineTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<TelemetryOptions>(configuration, TelemetryOptions.Section);
        services.AddResourceUsage();
        services.AddLogging(logging => logging.QuietHttpClients());
        var builder = services.AddOpenTelemetry();
        // Read from the configuration itself: what is wrong elsewhere in it must not keep its faults from being told.
        var described = TelemetryResource.Of(configuration);
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.ConfigureResource(resource => described.Describe(resource, provider)));
        services.ConfigureOpenTelemetryTracerProvider((provider, tracing) => tracing.ConfigureResource(resource => described.Describe(resource, provider)));
        services.ConfigureOpenTelemetryLoggerProvider((provider, logging) => logging.ConfigureResource(resource => described.Describe(resource, provider)));
        builder.WithMetrics(metrics => metrics
            .AddMeter(TelemetryNames.Meter, TelemetryNames.ResourceMeter)
            .AddView(static instrument => instrument.Meter.Name == TelemetryNames.ResourceMeter ? ViewOf(instrument.Name) : null));

        var target = TelemetryTarget.Of(configuration);
        services.AddSingleton<IValidateOptions<TelemetryOptions>>(target);
        if (!target.IsAny)
            return builder;
        if (target.ApplicationInsights is { } connection)
            builder.AddApplicationInsights(connection, configuration);
        builder.WithLogging().WithTracing(tracing => tracing
            .AddSource(TelemetryNames.Source)
            .AddHttpClientInstrumentation(http =>
            {
                http.FilterHttpRequestMessage = static _ => AttemptCalls.IsOneOf();
                http.EnrichWithHttpRequestMessage = AttemptCalls.Shorten;
            }));
        if (target.Otlp is not null)
            builder.AddOtlp();
        // Last, for the exporter brings one of its own, which drops what is over five traces a second, failed or not.
        services.ConfigureOpenTelemetryTracerProvider((provider, tracing) => tracing.SetSampler(SamplerOf(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value)));
        services.AddLogging(logging => logging.AddLogRules());
        return builder;
    }

    /// <summary>Gets whether there is somewhere to send telemetry: without, it stays on the console.</summary>
    public static bool IsExported(IConfiguration configuration) => TelemetryTarget.Of(configuration).IsAny;

    /// <summary>Of that meter what alerts rest on; the rest is many series that nobody asked for.</summary>
    private static MetricStreamConfiguration ViewOf(string resource) =>
        TelemetryNames.OfResource(resource) is { } name ? new MetricStreamConfiguration { Name = name } : MetricStreamConfiguration.Drop;

    private static void AddApplicationInsights(this IOpenTelemetryBuilder builder, string connection, IConfiguration configuration)
    {
        var credential = ApplicationInsightsIdentity.Of(configuration[ApplicationInsightsIdentity.Setting]);
        builder.UseAzureMonitorExporter(exporter =>
        {
            exporter.ConnectionString = connection;
            exporter.Credential = credential;
            exporter.TracesPerSecond = null;
            exporter.SamplingRatio = 1;
            // Its default drops the logs of traces that are not kept, errors among them.
            exporter.EnableTraceBasedLogsSampler = false;
            // What these would tell is in the pipeline's own metrics; they cost for every span.
            exporter.EnableLiveMetrics = false;
            exporter.EnableStandardMetrics = false;
            exporter.EnablePerformanceCounters = false;
        });
    }

    private static void AddOtlp(this IOpenTelemetryBuilder builder)
    {
        builder.WithTracing(tracing => tracing.AddOtlpExporter());
        builder.WithMetrics(metrics => metrics.AddOtlpExporter());
        builder.WithLogging(logging => logging.AddOtlpExporter());
    }

    /// <summary>One that the sender of a job keeps is kept here as well, and the other way round.</summary>
    private static ParentBasedSampler SamplerOf(TelemetryOptions options) => new(options.TraceRatio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(options.TraceRatio));
}
