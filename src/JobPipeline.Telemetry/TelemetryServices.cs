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

/// <summary>Registers OpenTelemetry, the same on both hosts.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Adds metrics, and also traces and logs if a destination is set. <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> exports all of
    /// them to Application Insights, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to a collector; both may be set.
    /// </summary>
    /// <returns>The builder, to which the host adds its own telemetry.</returns>
    public static IOpenTelemetryBuilder AddPipelineTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelineOptions<TelemetryOptions>(configuration, TelemetryOptions.Section);
        services.AddResourceUsage();
        services.AddLogging(logging => logging.QuietHttpClients());
        var builder = services.AddOpenTelemetry();
        // Read from the configuration itself, so that an error elsewhere in it does not prevent its validation errors from being
        // reported.
        var described = TelemetryResource.Of(configuration);
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) => metrics.ConfigureResource(resource => described.Describe(resource, provider)));
        services.ConfigureOpenTelemetryTracerProvider(
            (provider, tracing) => tracing.ConfigureResource(resource => described.Describe(resource, provider)));
        services.ConfigureOpenTelemetryLoggerProvider(
            (provider, logging) => logging.ConfigureResource(resource => described.Describe(resource, provider)));
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
        // Must come last, because the exporter adds its own sampler, which drops traces above five per second, failed or not.
        services.ConfigureOpenTelemetryTracerProvider(
            (provider, tracing) => tracing.SetSampler(SamplerOf(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value)));
        services.AddLogging(logging => logging.AddLogRules());
        return builder;
    }

    /// <summary>Gets whether a destination for telemetry is set; without one, logs stay on the console.</summary>
    public static bool IsExported(IConfiguration configuration) => TelemetryTarget.Of(configuration).IsAny;

    /// <summary>Keeps the instruments that alerts use and drops the meter's many other series.</summary>
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
            // The default drops the logs of traces that are not kept, including errors.
            exporter.EnableTraceBasedLogsSampler = false;
            // The pipeline's own metrics contain the same information, and these cost time for every span.
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

    /// <summary>Creates the sampler: the decision of a job's sender is kept, whichever it is.</summary>
    private static ParentBasedSampler SamplerOf(TelemetryOptions options) =>
        new(options.TraceRatio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(options.TraceRatio));
}
