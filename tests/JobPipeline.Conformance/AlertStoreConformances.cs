using JobPipeline.Alerts;
using JobPipeline.AzureStorage.Alerts;
using JobPipeline.Testing;

namespace JobPipeline.Conformance;

public sealed class InMemoryAlertStoreConformance : AlertStoreConformance
{
    private protected override IAlertStore Store { get; } = new InMemoryAlertStore();
}

[Slow]
public sealed class TableAlertStoreConformance(AzuriteFixture azurite) : AlertStoreConformance, IAsyncLifetime
{
    private IAlertStore? _store;

    private protected override IAlertStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = new TableAlertStore((await azurite.NewClientsAsync()).Table(StorageNames.Alerts));

    public ValueTask DisposeAsync() => default;
}
