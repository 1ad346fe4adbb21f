using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Enqueueing;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Support;

/// <summary>The pipeline's client in the test process, and the raw SDK for foreign messages.</summary>
internal sealed class Producer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _prefix;
    private readonly string _connection;

    private Producer(string connection, string prefix, IEnumerable<(string Name, string Value)> settings)
    {
        (_connection, _prefix) = (connection, prefix);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("JobPipeline:Storage:ConnectionString", connection),
            new("JobPipeline:Storage:Prefix", prefix),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
        ]).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddJobPipeline(configuration, typeof(StartLog).Assembly).AddAzureStorage(configuration);
        services.AddSingleton<IConfiguration>(configuration).AddSingleton<StartLog>();
        _services = services.BuildServiceProvider();
    }

    public JobClient Jobs => _services.GetRequiredService<JobClient>();

    public TService Get<TService>()
        where TService : notnull => _services.GetRequiredService<TService>();

    public static async Task<Producer> StartAsync(string connection, string prefix)
    {
        var producer = new Producer(connection, prefix, []);
        await producer._services.GetRequiredService<StorageSetup>().EnsureAsync("self-host", TestContext.Current.CancellationToken);
        return producer;
    }

    /// <summary>Returns another producer on the same, already created storage, with its own settings.</summary>
    public Producer Another(params (string Name, string Value)[] settings) => new(_connection, _prefix, settings);

    public QueueClient Queue(string name) => new(_connection, _prefix + name);

    public TableClient Table(string name) => new(_connection, _prefix + name);

    /// <summary>Sends a message as a foreign producer does, with the queue SDK alone.</summary>
    public async Task<JobId> DropAsync(string text, string queue = PriorityQueues.Normal, TimeSpan? delay = null)
    {
        var receipt =
            (await Queue(queue).SendMessageAsync(text, delay, TimeSpan.FromSeconds(-1), TestContext.Current.CancellationToken)).Value;
        return JobId.FromDelivery(receipt.MessageId, receipt.InsertionTime);
    }

    public Task<JobId> DropBase64Async(string text) => DropAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
