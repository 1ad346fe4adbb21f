using Azure.Data.Tables;
using JobPipeline.AzureStorage.Workflows;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Conformance;

public sealed class InMemoryWorkflowStoreConformance : WorkflowStoreConformance
{
    private readonly InMemoryWorkflowData _data = new();
    private readonly InMemoryWorkflowStore _store;

    public InMemoryWorkflowStoreConformance() => _store = new InMemoryWorkflowStore(_data);

    private protected override IWorkflowStore Store => _store;

    private protected override IWorkflowData Data => _data;
}

public sealed class InMemoryWorkflowDataConformance : WorkflowDataConformance
{
    private protected override IWorkflowData Data { get; } = new InMemoryWorkflowData();
}

[Slow]
public sealed class TableWorkflowStoreConformance(AzuriteFixture azurite) : WorkflowStoreConformance, IAsyncLifetime
{
    private IWorkflowStore? _store;
    private IWorkflowData? _data;

    private protected override IWorkflowStore Store => _store!;

    private protected override IWorkflowData Data => _data!;

    public async ValueTask InitializeAsync()
    {
        var clients = await azurite.NewClientsAsync();
        _store = new TableWorkflowStore(clients.Table(StorageNames.Workflows), clients.Container(StorageNames.Payloads));
        _data = new TableWorkflowData(clients.Table(StorageNames.Workflows), clients.Container(StorageNames.Payloads));
    }

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableWorkflowDataConformance(SharedAccount account) : WorkflowDataConformance, IClassFixture<SharedAccount>
{
    private protected override IWorkflowData Data { get; } =
        new TableWorkflowData(account.Clients.Table(StorageNames.Workflows), account.Clients.Container(StorageNames.Payloads));
}

public sealed class InMemoryWorkflowPurgeConformance : WorkflowPurgeConformance
{
    private protected override IWorkflowStore Store { get; } = new InMemoryWorkflowStore(new InMemoryWorkflowData());

    private protected override IWorkflowData Data { get; } = new InMemoryWorkflowData();
}

[Slow]
public sealed class TableWorkflowPurgeConformance(AzuriteFixture azurite) : WorkflowPurgeConformance, IAsyncLifetime
{
    private IWorkflowStore? _store;
    private IWorkflowData? _data;
    private TableClient? _table;

    private protected override IWorkflowStore Store => _store!;

    private protected override IWorkflowData Data => _data!;

    public async ValueTask InitializeAsync()
    {
        var clients = await azurite.NewClientsAsync();
        _table = clients.Table(StorageNames.Workflows);
        _store = new TableWorkflowStore(_table, clients.Container(StorageNames.Payloads));
        _data = new TableWorkflowData(clients.Table(StorageNames.Workflows), clients.Container(StorageNames.Payloads));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Sweep_OverTheListingOfAFailedStart_RemovesIt()
    {
        var id = await StartAsync();
        var instance = (await Store.ReadAsync(id, Token))!;
        await _table!.DeleteEntityAsync(id, WorkflowEntity.Row, cancellationToken: Token);

        await Sweep().SweepAsync(
            DateOnly.FromDateTime(instance.State.CreatedAt.UtcDateTime), null, Step(instance.State.CreatedAt.AddDays(40)), Token);

        Assert.Empty((await Store.ListAsync(new WorkflowFilter(), null, 10, Token)).Instances);
    }
}

public sealed class InMemoryStrandStoreConformance : StrandStoreConformance
{
    private readonly InMemoryWorkflowStore _store = new(new InMemoryWorkflowData());

    public InMemoryStrandStoreConformance() => Strands = new InMemoryStrandStore(_store);

    private protected override IStrandStore Strands { get; }

    private protected override IWorkflowStore Store => _store;
}

[Slow]
public sealed class TableStrandStoreConformance(SharedAccount account) : StrandStoreConformance, IClassFixture<SharedAccount>
{
    private protected override IStrandStore Strands { get; } = new TableStrandStore(account.Clients.Table(StorageNames.Workflows));

    private protected override IWorkflowStore Store { get; } =
        new TableWorkflowStore(account.Clients.Table(StorageNames.Workflows), account.Clients.Container(StorageNames.Payloads));
}
