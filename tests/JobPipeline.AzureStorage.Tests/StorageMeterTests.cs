using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using JobPipeline.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The metrics of calls to the storage account, counted below the clients' own retries.</summary>
[Slow]
public sealed class StorageMeterTests(AzuriteFixture azurite) : IDisposable
{
    private readonly MeasuredMeters _meters = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "throttled")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "throttled")]
    [InlineData(HttpStatusCode.InternalServerError, "failed")]
    [InlineData(null, "failed")]
    public async Task Retries_OfTheClient_AreCountedOneByOne(HttpStatusCode? answer, string outcome)
    {
        using var wire = new Wire(answer, answer, HttpStatusCode.Created);
        var clients = Connect(wire);

        await clients.Container("any").CreateAsync(cancellationToken: Token);

        Assert.Equal([("blob", "ok", 1d), ("blob", outcome, 2d)], Counted());
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.PreconditionFailed)]
    public async Task Response_ThatTheProtocolExpects_IsCountedAsOk(HttpStatusCode answer)
    {
        using var wire = new Wire(answer);

        await Assert.ThrowsAsync<RequestFailedException>(() => Connect(wire).Container("any").CreateAsync(cancellationToken: Token));

        Assert.Equal([("blob", "ok", 1d)], Counted());
    }

    [Fact]
    public async Task Calls_OfEachService_AreCountedByService()
    {
        var clients = Connect(wire: null);
        await clients.Queue("lane").CreateAsync(cancellationToken: Token);
        await clients.Table("rows").CreateAsync(Token);
        await clients.Container("blobs").CreateAsync(cancellationToken: Token);
        Assert.Equal([("queue", "ok", 1d), ("table", "ok", 1d), ("blob", "ok", 1d)], Counted());

        await clients.Queue("lane").SendMessageAsync("one", Token);

        Assert.Equal([("queue", "ok", 2d), ("table", "ok", 1d), ("blob", "ok", 1d)], Counted());
    }

    [Fact]
    public void Series_UsedByAlerts_StartAtZeroAndNoOther()
    {
        Connect(wire: null);

        Assert.Equal(
            [("queue", "throttled", 0d), ("table", "throttled", 0d), ("blob", "throttled", 0d)],
            _meters.Now("jobpipeline.storage.operations")
                .Select(series => (series["jobpipeline.storage.service"], series["jobpipeline.storage.outcome"], series.Value)));
    }

    public void Dispose() => _meters.Dispose();

    private StorageClients Connect(Wire? wire)
    {
        var options = azurite.NewOptions();
        options.ConfigureClient = client =>
        {
            client.Retry.Delay = TimeSpan.FromMilliseconds(1);
            if (wire is not null)
                client.Transport = wire.Transport;
        };
        return new StorageClients(options, new ConfigurationBuilder().Build(), new StorageMeter(_meters, new MetricScrape()));
    }

    private IEnumerable<(string Service, string Outcome, double Count)> Counted() => _meters.Now("jobpipeline.storage.operations")
        .Where(series => series.Value > 0)
        .Select(series => (series["jobpipeline.storage.service"], series["jobpipeline.storage.outcome"], series.Value));

    /// <summary>Returns these responses in order instead of the service; null breaks the connection.</summary>
    private sealed class Wire : HttpMessageHandler
    {
        private readonly Queue<HttpStatusCode?> _answers;
        private readonly HttpClient _client;

        public Wire(params HttpStatusCode?[] answers) =>
            (_answers, _client) = (new Queue<HttpStatusCode?>(answers), new HttpClient(this, disposeHandler: false));

        public HttpPipelineTransport Transport => new HttpClientTransport(_client);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _answers.Dequeue() is { } status
            ? Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent([]), RequestMessage = request })
            : Task.FromException<HttpResponseMessage>(new HttpRequestException("the connection broke"));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _client.Dispose();
            base.Dispose(disposing);
        }
    }
}
