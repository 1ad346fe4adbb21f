using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The telemetry that a real host sends to a collector, configured by the standard OpenTelemetry variables.</summary>
[Slow]
public sealed class OtlpTests(SharedAzurite azurite)
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Telemetry_OfAJob_ReachesTheCollectorInTheSendersTrace()
    {
        await using var collector = await IngestionListener.StartAsync();
        var prefix = azurite.NewPrefix();
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            prefix,
            $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "JobPipeline:Telemetry:Environment=staging");
        await host.StartAsync();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var id = await producer.DropAsync(
            $$"""{ "type": "test.work", "payload": { "failForGood": true }, "traceparent": "00-{{TraceId}}-b7ad6b7169203331-01" }""");
        using var api = new HttpClient { BaseAddress = host.Address };
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await api.GetAsync(new Uri($"api/jobs/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
                return answer.IsSuccessStatusCode
                    && (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
                        .GetProperty("state")
                        .GetString()
                        == "deadLettered";
            },
            $"job {id} has ended");
        Assert.Equal(0, await host.StopAsync());

        var traces = Sent(collector, "traces");
        Assert.True(
            Has(traces, Encoding.UTF8.GetBytes("process test.work"))
                && Has(traces, Convert.FromHexString(TraceId))
                && Has(traces, Encoding.UTF8.GetBytes(id.ToString())));
        Assert.True(Has(Sent(collector, "metrics"), Encoding.UTF8.GetBytes("jobpipeline.jobs.finished")));
        Assert.True(Has(Sent(collector, "logs"), Encoding.UTF8.GetBytes("became a dead letter")));
        Assert.All(
            new[] { "traces", "metrics", "logs" },
            signal => Assert.True(Has(Sent(collector, signal), Encoding.UTF8.GetBytes("staging")), signal));
    }

    [Fact]
    public async Task Host_WhoseCollectorIsUnavailable_StillRunsJobs()
    {
        var prefix = azurite.NewPrefix();
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            prefix,
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "OTEL_EXPORTER_OTLP_TIMEOUT=500");
        await host.StartAsync();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var id = await producer.DropAsync("""{ "type": "test.echo", "payload": { "text": "hello" } }""");

        await Eventually.TrueAsync(
            () => host.Starts.Any(line => line.Contains(id.ToString(), StringComparison.Ordinal)),
            $"job {id} has run");
        Assert.Equal(0, await host.StopAsync());
    }

    private static byte[] Sent(IngestionListener collector, string signal) =>
        [.. collector.Bodies.Where(body => body.Path == signal).SelectMany(body => body.Body)];

    private static bool Has(byte[] sent, byte[] what) => sent.AsSpan().IndexOf(what) >= 0;
}
