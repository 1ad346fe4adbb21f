using Azure;
using Azure.Core;
using JobPipeline.AzureStorage.Chaos;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Configuration;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>Each injected fault at rates 0 and 1, on real storage.</summary>
[Slow]
public sealed class ChaosPolicyTests(AzuriteFixture azurite) : Suite
{
    private readonly VirtualTimeProvider _time = new();
    private readonly RequestProbe _probe = new();

    [Fact]
    public async Task Call_AllRatesZero_Succeeds()
    {
        var clients = await ConnectAsync(new ChaosOptions { Enabled = true });

        await clients.Queue(PriorityQueues.Normal).SendMessageAsync("x", Token);
        await Jobs(clients).ApplyAsync(NewJob(), Token);

        Assert.Equal(2, _probe.Requests.Count);
    }

    [Fact]
    public async Task Call_FaultRateOne_IsNotSentAndFailsLikeABrokenConnection()
    {
        var clients = await ConnectAsync(new ChaosOptions { FaultRate = 1 });

        await Assert.ThrowsAsync<RequestFailedException>(() => clients.Queue(PriorityQueues.Normal).SendMessageAsync("x", Token));
        await Assert.ThrowsAsync<RequestFailedException>(
            () => clients.Container(StorageNames.Payloads).GetBlobClient("a").ExistsAsync(Token));
        await Assert.ThrowsAsync<RequestFailedException>(() => Jobs(clients).ApplyAsync(NewJob(), Token));

        Assert.Empty(_probe.Requests);
    }

    [Fact]
    public async Task Call_LostAnswerRateOne_TakesEffectAndFails()
    {
        var options = azurite.NewOptions();
        var clients = await ConnectAsync(new ChaosOptions { LostAnswerRate = 1 }, options);
        var transition = NewJob();

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => Jobs(clients).ApplyAsync(transition, Token));
        await Assert.ThrowsAsync<RequestFailedException>(() => clients.Queue(PriorityQueues.Normal).SendMessageAsync("x", Token));

        Assert.Equal((0, typeof(IOException)), (error.Status, error.InnerException!.GetType()));
        var undisturbed = AzuriteFixture.Connect(
            new AzureStorageOptions { ConnectionString = options.ConnectionString, Prefix = options.Prefix });
        Assert.NotNull((await Jobs(undisturbed).ReadAsync(transition.Job, Token)).Record);
        Assert.Equal("x", (await undisturbed.Queue(PriorityQueues.Normal).ReceiveMessageAsync(
            cancellationToken: Token)).Value.Body.ToString());
    }

    [Fact]
    public async Task Call_LostAnswerBelowTheClientsRetries_IsRetriedAndRejectedForItsOwnWrite()
    {
        var clients = await ConnectAsync(new ChaosOptions { LostAnswerRate = 1, MaxRetries = 1 });

        await Assert.ThrowsAsync<AggregateException>(() => Jobs(clients).ApplyAsync(NewJob(), Token));

        // Both tries reached the service; the conflict response to the second was lost.
        Assert.Equal(2, _probe.Transactions);
    }

    [Fact]
    public async Task Call_LatencyRateOne_IsSentLate()
    {
        var clients = await ConnectAsync(new ChaosOptions { LatencyRate = 1, Latency = TimeSpan.FromSeconds(30) });

        var call = clients.Queue(PriorityQueues.Normal).SendMessageAsync("x", Token);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(_probe.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        await call;

        Assert.Single(_probe.Requests);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Settings_OfTheSection_AffectEveryClientOnlyIfEnabled(string enabled, bool isDisturbed)
    {
        var options = azurite.NewOptions();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("JobPipeline:Storage:ConnectionString", options.ConnectionString), new("JobPipeline:Storage:Prefix", options.Prefix),
            new("JobPipeline:Chaos:Enabled", enabled), new("JobPipeline:Chaos:FaultRate", "1"), new("JobPipeline:Chaos:MaxRetries", "0"),
        ]).Build();
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddJobPipeline(configuration).AddAzureStorage(configuration);
        await using var provider = services.BuildServiceProvider();

        Task[] calls =
        [
            provider.GetRequiredService<StorageClients>().Queues.GetPropertiesAsync(Token),
            provider.GetRequiredService<StorageClients>().Tables.GetPropertiesAsync(Token),
            provider.GetRequiredService<StorageClients>().Blobs.GetPropertiesAsync(Token),
        ];
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.All(calls, call => Assert.Equal(isDisturbed, call.IsFaulted));
    }

    [Theory]
    [InlineData("LatencyRate", "1.1")]
    [InlineData("FaultRate", "-0.1")]
    [InlineData("LostAnswerRate", "2")]
    [InlineData("HandlerFaultRate", "-1")]
    [InlineData("MaxRetries", "11")]
    [InlineData("Latency", "01:00:00")]
    public async Task Settings_OutOfBounds_AreNamed(string name, string value)
    {
        var services = new ServiceCollection();
        services.AddJobPipeline(new ConfigurationBuilder().AddInMemoryCollection([new($"JobPipeline:Chaos:{name}", value)]).Build());
        await using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ChaosOptions>>().Value);

        Assert.StartsWith($"JobPipeline:Chaos:{name}: ", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static JobTransition NewJob() =>
        JobTransition.Enqueue(JobRecord.Enqueued(Samples.NewId(), PriorityQueues.Normal, Samples.PlainSpec(), Samples.Now));

    private static TableJobStore Jobs(StorageClients clients) => new(clients.Table(StorageNames.Jobs));

    /// <summary>Connects a client whose probe is below the chaos policy, so that it sees the requests that are sent.</summary>
    private async Task<StorageClients> ConnectAsync(ChaosOptions chaos, AzureStorageOptions? place = null)
    {
        var options = place ?? azurite.NewOptions();
        await new StorageSetup(AzuriteFixture.Connect(options)).EnsureAsync("test", Token);
        options.ConfigureClient = client =>
        {
            client.Retry.Delay = TimeSpan.FromMilliseconds(1);
            client.Retry.MaxRetries = chaos.MaxRetries ?? 0;
            client.AddPolicy(new ChaosPolicy(chaos, _time, NullLogger.Instance), HttpPipelinePosition.PerRetry);
            client.AddPolicy(_probe, HttpPipelinePosition.PerRetry);
        };
        return AzuriteFixture.Connect(options);
    }
}
