using JobPipeline.AzureStorage;

namespace JobPipeline.Conformance;

/// <summary>The storage that the tests of a class share; their ids keep them apart.</summary>
public sealed class SharedAccount(AzuriteFixture azurite) : IAsyncLifetime
{
    private StorageClients? _clients;

    internal StorageClients Clients => _clients!;

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    public ValueTask DisposeAsync() => default;
}
