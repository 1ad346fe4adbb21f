using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Diagnostics;

namespace JobPipeline.AzureStorage;

/// <summary>
/// Counts what goes over the wire, each try of the storage clients by itself: below their own retries, which hide a throttled
/// account for long. Throttled calls show from the start, since an alert rule names them; the others once there was one.
/// </summary>
internal sealed class StorageMeter
{
    private static readonly string[] Services = ["queue", "table", "blob"];
    private static readonly string[] Outcomes = ["ok", "throttled", "failed"];

    private const int Ok = 0;
    private const int Throttled = 1;
    private const int Failed = 2;

    private readonly long[,] _operations = new long[Services.Length, Outcomes.Length];
    private readonly int[] _shown = new int[Services.Length];
    private readonly MetricScrape _scrape;

    /// <param name="meters">Makes the pipeline's meter, or knows it already.</param>
    /// <param name="scrape">Tells who collects.</param>
    public StorageMeter(IMeterFactory meters, MetricScrape scrape)
    {
        _scrape = scrape;
        meters.Create(TelemetryNames.Meter).CreateObservableCounter(
            "jobpipeline.storage.operations", Read, "{operation}", "Calls to the storage account, by service and answer");
    }

    /// <summary>For the clients of one service.</summary>
    /// <param name="service"><c>queue</c>, <c>table</c> or <c>blob</c>.</param>
    public HttpPipelinePolicy PolicyFor(string service) => new Policy(this, Array.IndexOf(Services, service));

    private IEnumerable<Measurement<long>> Read() =>
        from service in Enumerable.Range(0, Services.Length)
        from outcome in Enumerable.Range(0, Outcomes.Length)
        let count = Interlocked.Read(ref _operations[service, outcome])
        where count > 0 || outcome == Throttled
        select new Measurement<long>(
            outcome == Throttled ? _scrape.Show(count, ref _shown[service]) : count,
            new KeyValuePair<string, object?>("jobpipeline.storage.service", Services[service]),
            new KeyValuePair<string, object?>("jobpipeline.storage.outcome", Outcomes[outcome]));

    private sealed class Policy(StorageMeter meter, int service) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            try
            {
                ProcessNext(message, pipeline);
            }
            finally
            {
                Count(message);
            }
        }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            try
            {
                await ProcessNextAsync(message, pipeline);
            }
            finally
            {
                Count(message);
            }
        }

        private void Count(HttpMessage message) => Interlocked.Increment(ref meter._operations[service, OutcomeOf(message)]);

        /// <summary>A conflict or an absence is an answer like any other: the protocol lives on them.</summary>
        private static int OutcomeOf(HttpMessage message) => !message.HasResponse ? Failed : message.Response.Status switch
        {
            429 or 503 => Throttled,
            >= 500 => Failed,
            _ => Ok,
        };
    }
}
