using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The cost of the overdue sweep in storage requests.</summary>
[Slow]
public sealed class OverdueCostTests(AzuriteFixture azurite) : Suite
{
    /// <summary>The ledger, pauses, instances, the heads of the queues, and one hour of ids.</summary>
    private const int MostRequests = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly RequestProbe _probe = new();
    private readonly VirtualTimeProvider _time = new();

    [Fact]
    public async Task Run_OnAnyHistory_CostsTheSame()
    {
        var clients = _probe.Connect(azurite.NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", Token);
        await using var services = NewServices(clients);
        var sweep = services.GetRequiredService<OverdueSweep>();
        var store = new TableJobStore(clients.Table(StorageNames.Jobs));
        while (await sweep.RunAsync(_time.GetUtcNow(), Token) is { HasMore: true })
            _time.Advance(Interval);
        var few = await CountAsync(sweep);

        for (var day = 1; day <= 3; day++)
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => EndedAsync(store, _time.GetUtcNow().AddDays(-day).AddMinutes(-i))));
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => EndedAsync(store, _time.GetUtcNow().AddMilliseconds(i))));

        var many = await CountAsync(sweep);
        Assert.InRange(few, 1, MostRequests);
        // The newest hour is read in as many pages as the service returns.
        Assert.InRange(many, 1, few + 5);
    }

    private async Task<int> CountAsync(OverdueSweep sweep)
    {
        _time.Advance(Interval);
        _probe.Forget();
        Assert.Equal(new OverdueReport(0, 0, 0, HasMore: false), await sweep.RunAsync(_time.GetUtcNow(), Token));
        return _probe.Requests.Count;
    }

    private static Task EndedAsync(TableJobStore store, DateTimeOffset at) =>
        store.ApplyAsync(JobTransition.Duplicate(JobId.Create(at), PriorityQueues.Normal, Samples.PlainSpec(), Samples.NewId(), at), Token);

    private ServiceProvider NewServices(StorageClients clients)
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(_time).AddSingleton(clients);
        services.AddJobPipeline(configuration).AddAzureStorage(configuration);
        return services.BuildServiceProvider();
    }
}
