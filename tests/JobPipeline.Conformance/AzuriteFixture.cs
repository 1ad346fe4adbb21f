using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Conformance;
using Microsoft.Extensions.Configuration;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace JobPipeline.Conformance;

/// <summary>One Azurite for the assembly; every test has tables, queues and a container of its own in it.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private static readonly IConfiguration NoSettings = new ConfigurationBuilder().Build();

    private readonly SharedAzurite _azurite = new();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    /// <summary>Options that name a place nobody else uses; nothing is made there yet.</summary>
    internal AzureStorageOptions NewOptions() => new()
    {
        ConnectionString = _azurite.ConnectionString,
        Prefix = _azurite.NewPrefix(),
    };

    internal static StorageClients Connect(AzureStorageOptions options) => new(options, NoSettings);

    /// <summary>Clients of a new place in which everything has been made.</summary>
    internal async Task<StorageClients> NewClientsAsync()
    {
        var clients = Connect(NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", TestContext.Current.CancellationToken);
        return clients;
    }
}
