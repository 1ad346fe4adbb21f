using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Gauges;
using JobPipeline.TestHost.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>
/// The table of metrics in docs/metrics.md matches the metrics that a self-host on Azurite exports. It runs alone, because the exporter
/// also sees the meters of other hosts in this process.
/// </summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class MetricTableTests(SharedAzurite azurite)
{
    private static readonly WorkflowDefinition Flow = new WorkflowBuilder("flow").Delay("rest", TimeSpan.FromHours(1)).Build();

    private static readonly Dictionary<string, Row> Table = MarkdownTable.Read("docs/metrics.md", "Metric").ToDictionary(
        cells => cells[0].Trim('`'),
        cells => new Row(
            cells[1],
            cells[2],
            [.. cells[3].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`')).Order(StringComparer.Ordinal)]),
        StringComparer.Ordinal);

    [Fact]
    public async Task Metrics_Exported_MatchTheTable()
    {
        var exported = new List<Metric>();
        using var reader = new BaseExportingMetricReader(new InMemoryExporter<Metric>(exported));
        await using var host = await InProcessHost.CreateAsync(
            azurite.ConnectionString,
            azurite.NewPrefix(),
            services => services
                .AddMetrics()
                .AddSingleton<StartLog>()
                .ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddReader(reader)),
            typeof(StartLog).Assembly,
            ("JobPipeline:Jobs:test.work:TargetDuration", "00:00:30"),
            ("JobPipeline:Jobs:test.work:Circuit", "somewhere"));
        var published = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = Listen(host.Get<JobMetrics>().Meter, published);
        host.Get<MeterProvider>();
        await UseAsync(host);
        reader.Collect();

        Assert.Equal(
            Table
                .Where(
                    row => row.Key.StartsWith("jobpipeline.", StringComparison.Ordinal)
                        || row.Key.StartsWith("messaging.", StringComparison.Ordinal))
                .Select(row => (row.Key, row.Value.Kind, row.Value.Unit))
                .Order(),
            published.Values.Select(instrument => (instrument.Name, KindOf(instrument), instrument.Unit ?? "")).Order());
        Assert.All(exported, metric => Assert.True(Table.ContainsKey(metric.Name), $"{metric.Name} is exported and not in the table"));
        foreach (var metric in exported)
        {
            var seen = AttributesOf(metric);
            Assert.True(
                Table[metric.Name].Attributes.SequenceEqual(seen, StringComparer.Ordinal),
                $"{metric.Name} has {string.Join(", ", seen)}; the table says {string.Join(", ", Table[metric.Name].Attributes)}");
        }

        // The scenario must reach most of them; otherwise the test would also pass with no metrics.
        Assert.True(exported.Count >= 20, $"only {string.Join(", ", exported.Select(metric => metric.Name))}");
    }

    /// <summary>
    /// Runs a job that succeeds, one that exhausts its attempts, a paused one, an unreadable message, a workflow and maintenance.
    /// </summary>
    private static async Task UseAsync(InProcessHost host)
    {
        var token = TestContext.Current.CancellationToken;
        host.Get<InstanceGauges>().Begin("self-host");
        var jobs = host.Get<JobClient>();
        await jobs.EnqueueAsync(new JobRequest { Type = "test.work" }, token);
        await jobs.EnqueueAsync(new JobRequest { Type = "test.work", Payload = """{ "failForGood": true }"""u8.ToArray() }, token);
        await jobs.EnqueueAsync(
            new JobRequest { Type = "test.work", NotBefore = TimeProvider.System.GetUtcNow().AddHours(1), Key = "once" }, token);
        await host.Get<IJobQueue>().SendAsync(PriorityQueues.Normal, "no JSON"u8.ToArray(), TimeSpan.Zero, token);
        await host.Get<IWorkflowRuntime>().StartAsync(Flow, "an-instance", "{}"u8.ToArray(), null, token);
        var executor = host.Get<DeliveryExecutor>();
        var receiver = host.Get<IJobQueueReceiver>();
        IReadOnlyList<QueueDelivery> deliveries;
        while ((deliveries = await receiver.ReceiveAsync(PriorityQueues.Normal, 32, TimeSpan.FromMinutes(1), token)).Count > 0)
        {
            foreach (var delivery in deliveries)
            {
                await executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
                await receiver.DeleteAsync(delivery, token);
            }
        }

        await host.Get<JobPipeline.Failures.ErrorGroups.ErrorCounter>().FlushAsync();
        // Enough rounds to reach every state of workflows.
        var gauges = host.Get<PipelineGauges>();
        await host.Get<MaintenanceRunner>().RunAsync(TimeProvider.System.GetUtcNow(), token);
        await gauges.LookAtWorkflowsAsync(token);
        await gauges.LookAtWorkflowsAsync(token);
    }

    private static MeterListener Listen(Meter meter, Dictionary<string, Instrument> published)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, meter))
                    published[instrument.Name] = instrument;
            },
        };
        listener.Start();
        return listener;
    }

    private static string[] AttributesOf(Metric metric)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var tag in point.Tags)
                names.Add(tag.Key);
        }

        return [.. names];
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        var other => other,
    };

    private sealed record Row(string Kind, string Unit, IReadOnlyList<string> Attributes);
}
