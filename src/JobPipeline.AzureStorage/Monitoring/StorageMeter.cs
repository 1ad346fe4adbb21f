using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Monitoring;

namespace JobPipeline.AzureStorage.Monitoring;

/// <summary>
/// Counts what goes over the wire, each try of the storage clients by itself: below their own retries, which hide a throttled
/// account for long.
/// </summary>
internal sealed class StorageMeter
{
    private readonly Counter<long> _operations;

    /// <param name="meters">Makes the pipeline's meter, or knows it already.</param>
    public StorageMeter(IMeterFactory meters) => _operations = meters.Create(TelemetryNames.Meter).CreateCounter<long>("jobpipeline.storage.operations", "{operation}", "Calls to the storage account, by service and answer");

    /// <summary>For the clients of one service.</summary>
    /// <param name="service">Such as <c>queue</c>.</param>
    public HttpPipelinePolicy PolicyFor(string service) => new Policy(_operations, service);

    private sealed class Policy(Counter<long> operations, string service) : HttpPipelinePolicy
    {
        private const int TooManyRequests = 429;
        private const int ServerBusy = 503;

        private readonly KeyValuePair<string, object?> _service = new("jobpipeline.storage.service", service);

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

        private void Count(HttpMessage message) =>
            operations.Add(1, _service, new KeyValuePair<string, object?>("jobpipeline.storage.outcome", OutcomeOf(message)));

        /// <summary>A conflict or an absence is an answer like any other: the protocol lives on them.</summary>
        private static string OutcomeOf(HttpMessage message) => !message.HasResponse ? "failed" : message.Response.Status switch
        {
            TooManyRequests or ServerBusy => "throttled",
            >= 500 => "failed",
            _ => "ok",
        };
    }
}
