using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the cost of telemetry per job: the executor with every exporter enabled (Application Insights and OTLP to a listener
/// that accepts everything, Prometheus with a scrape) compared with the executor without any, alternately, at the default sampling.
/// </summary>
internal sealed class TelemetryCost : IMeasure
{
    private const int Rounds = 15;
    private const int WarmUps = 4;
    private const double TargetShare = 1.10;
    private const double TargetBytes = 1024;

    public string Title => "telemetry with all exporters on, compared with none";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken)
    {
        // Application Insights would report its own statistics over the internet.
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
        using var sink = new TelemetrySink();
        await using var plain = new ExecutorRig();
        await using var told = new ExecutorRig(Settings(sink.Address), services => AddTelemetry(services, Settings(sink.Address)));
        // As in a host, where services install the exporters.
        foreach (var service in told.Services.GetServices<IHostedService>())
            await service.StartAsync(cancellationToken);
        var traces = told.Services.GetRequiredService<TracerProvider>();
        var (with, without) = (new List<JobCost>(), new List<JobCost>());
        for (var round = 0; round < WarmUps + scale.Of(Rounds, 5); round++)
        {
            // Alternates which is first, because the garbage of one round is collected during the next.
            var (off, on) = (default(JobCost), default(JobCost));
            if (round % 2 == 0)
                off = await plain.RunAsync(cancellationToken);
            on = await told.RunAsync(cancellationToken, () => Task.Run(() => traces.ForceFlush(), cancellationToken));
            if (round % 2 == 1)
                off = await plain.RunAsync(cancellationToken);
            if (round < WarmUps)
                continue;
            with.Add(on);
            without.Add(off);
            Console.WriteLine($"   round {with.Count}: with {on}, without {off}");
        }

        if (sink.Received == 0)
            throw new InvalidOperationException("Nothing was exported, so the results are meaningless.");
        var (cost, plainCost) = (JobCost.MedianOf(with), JobCost.MedianOf(without));
        var (time, plainTime, bytes, plainBytes) = (cost.Microseconds, plainCost.Microseconds, cost.Bytes, plainCost.Bytes);
        return
        [
            new Finding(
                "telemetry, executor time with / without", $"{time:f2} us", $"{plainTime:f2} us", $"{time / plainTime:f2}",
                $"< {TargetShare:f2}", time / plainTime < TargetShare),
            new Finding(
                "telemetry, allocated per job with - without", $"{bytes:f0} B", $"{plainBytes:f0} B", $"+{bytes - plainBytes:f0} B",
                $"< {TargetBytes:f0} B", bytes - plainBytes < TargetBytes),
        ];
    }

    private static IConfiguration Settings(Uri sink) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [TelemetryTarget.ApplicationInsightsSetting] = $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={sink}",
        [TelemetryTarget.OtlpSetting] = sink.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    }).Build();

    private static void AddTelemetry(IServiceCollection services, IConfiguration configuration) =>
        services.AddPipelineTelemetry(configuration).WithMetrics(metrics => metrics.AddPrometheusExporter());
}
