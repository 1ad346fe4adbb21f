using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Workflows;
using JobPipeline.Testing;
using JobPipeline.Workflows.Running;

namespace JobPipeline.Conformance;

public sealed class InMemoryWorkflowStoreConformance : WorkflowStoreConformance
{
    protected override IWorkflowStore Store { get; } = new InMemoryWorkflowStore();
}

public sealed class InMemoryWorkflowDataConformance : WorkflowDataConformance
{
    protected override IWorkflowData Data { get; } = new InMemoryWorkflowData();
}

public sealed class TableWorkflowStoreConformance(AzuriteFixture azurite) : WorkflowStoreConformance, IAsyncLifetime
{
    private IWorkflowStore? _store;

    protected override IWorkflowStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = new TableWorkflowStore((await azurite.NewClientsAsync()).Table(StorageNames.Workflows));

    public ValueTask DisposeAsync() => default;
}

public sealed class TableWorkflowDataConformance(SharedAccount account) : WorkflowDataConformance, IClassFixture<SharedAccount>
{
    protected override IWorkflowData Data { get; } =
        new TableWorkflowData(account.Clients.Table(StorageNames.WorkflowSteps), account.Clients.Container(StorageNames.Payloads));
}
