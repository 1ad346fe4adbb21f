using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Testing;

namespace JobPipeline.Conformance;

public sealed class InMemoryErrorGroupStoreConformance : ErrorGroupStoreConformance
{
    protected override IErrorGroupStore Store { get; } = new InMemoryErrorGroupStore();
}

public sealed class InMemoryErrorGroupHistoryConformance : ErrorGroupHistoryConformance
{
    private readonly InMemoryJobStore _jobs = new();

    protected override IJobStore Jobs => _jobs;

    private protected override IErrorGroupHistory History => new InMemoryErrorGroupHistory(_jobs);
}

[Slow]
public sealed class TableErrorGroupStoreConformance(AzuriteFixture azurite) : ErrorGroupStoreConformance, IAsyncLifetime
{
    private IErrorGroupStore? _store;

    protected override IErrorGroupStore Store => _store!;

    public async ValueTask InitializeAsync() =>
        _store = new TableErrorGroupStore((await azurite.NewClientsAsync()).Table(StorageNames.ErrorGroups));

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableErrorGroupHistoryConformance(AzuriteFixture azurite) : ErrorGroupHistoryConformance, IAsyncLifetime
{
    private StorageClients? _clients;

    protected override IJobStore Jobs => field ??= new TableJobStore(_clients!.Table(StorageNames.Jobs));

    private protected override IErrorGroupHistory History => new TableErrorGroupHistory(_clients!.Table(StorageNames.Jobs));

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    public ValueTask DisposeAsync() => default;
}
