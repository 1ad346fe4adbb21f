using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Diagnostics;

namespace JobPipeline.AzureStorage;

/// <summary>
/// Counts requests on the wire, each attempt of the storage clients separately: below their own retries, which can hide a
/// throttled account for long. The series of throttled requests exist from the start, because an alert rule names them; the
/// others appear with the first request.
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

    /// <param name="meters">The factory of the pipeline's meter.</param>
    /// <param name="scrape">The state of metric collection.</param>
    public StorageMeter(IMeterFactory meters, MetricScrape scrape)
    {
        _scrape = scrape;
        meters.Create(TelemetryNames.Meter).CreateObservableCounter(
            "jobpipeline.storage.operations", Read, "{operation}", "Calls to the storage account, by service and outcome");
    }

    /// <summary>Creates the policy for the clients of one service.</summary>
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

        /// <summary>Classifies a response. A conflict or a missing row counts as ok, because the protocol relies on them.</summary>
        private static int OutcomeOf(HttpMessage message) => !message.HasResponse ? Failed : message.Response.Status switch
        {
            429 or 503 => Throttled,
            >= 500 => Failed,
            _ => Ok,
        };
    }
}
