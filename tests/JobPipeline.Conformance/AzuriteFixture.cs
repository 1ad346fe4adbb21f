using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using Microsoft.Extensions.Configuration;

[assembly: AssemblyFixture(typeof(JobPipeline.Conformance.AzuriteFixture))]

namespace JobPipeline.Conformance;

/// <summary>One Azurite for the assembly; every test has its own tables, queues and container.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private static readonly IConfiguration NoSettings = new ConfigurationBuilder().Build();

    private readonly SharedAzurite _azurite = new();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    /// <summary>Returns options with an unused prefix, under which nothing exists yet.</summary>
    internal AzureStorageOptions NewOptions() => new()
    {
        ConnectionString = _azurite.ConnectionString,
        Prefix = _azurite.NewPrefix(),
    };

    internal static StorageClients Connect(AzureStorageOptions options) => new(options, NoSettings);

    /// <summary>Returns clients with a new prefix, under which all tables, queues and containers exist.</summary>
    internal async Task<StorageClients> NewClientsAsync()
    {
        var clients = Connect(NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", TestContext.Current.CancellationToken);
        return clients;
    }
}
