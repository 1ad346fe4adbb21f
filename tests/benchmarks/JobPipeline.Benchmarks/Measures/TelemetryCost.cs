using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// What telemetry costs a job: the executor with every exporter on (Application Insights and OTLP to a listener that takes all,
/// Prometheus with a scrape) beside the executor without any, round by round, at the sampling that ships.
/// </summary>
internal sealed class TelemetryCost : IMeasure
{
    private const int Rounds = 15;
    private const int WarmUps = 4;
    private const double TargetShare = 1.10;
    private const double TargetBytes = 1024;

    public string Title => "telemetry with all exporters on, beside none";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        using var sink = new TelemetrySink();
        var settings = Settings(sink.Address);
        var (with, without) = (new List<JobCost>(), new List<JobCost>());
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var off = await ExecutorRound.RunAsync(cancellationToken);
            var on = await ExecutorRound.RunAsync(settings, AddTelemetry, Start, FlushAsync, cancellationToken);
            if (round < WarmUps)
                continue;
            with.Add(on);
            without.Add(off);
            Console.WriteLine($"   round {with.Count}: with {on}, without {off}");
        }

        if (sink.Received == 0)
            throw new InvalidOperationException("Nothing was exported: the figures would be worth nothing.");
        var (time, plainTime) = (with.Select(cost => cost.Microseconds).Median(), without.Select(cost => cost.Microseconds).Median());
        var (bytes, plainBytes) = (with.Select(cost => cost.Bytes).Median(), without.Select(cost => cost.Bytes).Median());
        return
        [
            new Finding("telemetry, executor time with / without", $"{time:f2} us", $"{plainTime:f2} us", $"{time / plainTime:f2}", $"< {TargetShare:f2}", time / plainTime < TargetShare),
            new Finding("telemetry, allocated a job with - without", $"{bytes:f0} B", $"{plainBytes:f0} B", $"+{bytes - plainBytes:f0} B", $"< {TargetBytes:f0} B", bytes - plainBytes < TargetBytes),
        ];
    }

    private static IConfiguration Settings(Uri sink) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [TelemetryTarget.ApplicationInsightsSetting] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={sink}",
        [TelemetryTarget.OtlpSetting] = sink.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    }).Build();

    private static void AddTelemetry(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddPipelineTelemetry(configuration).WithMetrics(metrics => metrics.AddPrometheusExporter());
    }

    /// <summary>A host does it at its start.</summary>
    private static void Start(IServiceProvider provider)
    {
        provider.GetRequiredService<MeterProvider>();
        provider.GetRequiredService<TracerProvider>();
        provider.GetRequiredService<LoggerProvider>();
    }

    private static async Task FlushAsync(IServiceProvider provider)
    {
        await Task.Yield();
        // Metrics go out once a minute, whatever there is to do.
        provider.GetRequiredService<TracerProvider>().ForceFlush();
        provider.GetRequiredService<LoggerProvider>().ForceFlush();
    }
}
