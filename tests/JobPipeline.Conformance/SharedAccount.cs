using JobPipeline.AzureStorage;

namespace JobPipeline.Conformance;

/// <summary>A place in the storage that the tests of a class share: they keep apart by their ids.</summary>
public sealed class SharedAccount(AzuriteFixture azurite) : IAsyncLifetime
{
    private StorageClients? _clients;

    internal StorageClients Clients => _clients!;

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    public ValueTask DisposeAsync() => default;
}
