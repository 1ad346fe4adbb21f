using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

[Slow]
public sealed class TableJobStoreConformance(SharedAccount account) : JobStoreConformance, IClassFixture<SharedAccount>
{
    protected override IJobStore Store { get; } = new TableJobStore(account.Clients.Table(StorageNames.Jobs));
}

[Slow]
public sealed class QueueJobQueueConformance(AzuriteFixture azurite) : JobQueueConformance, IAsyncLifetime
{
    private QueueJobQueue? _queue;

    protected override IJobQueue Sender => _queue!;

    protected override IJobQueueReceiver Receiver => _queue!;

    public async ValueTask InitializeAsync() => _queue = new QueueJobQueue(await azurite.NewClientsAsync());

    public ValueTask DisposeAsync() => default;

    protected override Task PassAsync(TimeSpan time) => Task.CompletedTask;
}

[Slow]
public sealed class BlobPayloadStoreConformance(SharedAccount account) : PayloadStoreConformance, IClassFixture<SharedAccount>
{
    protected override IPayloadStore Store { get; } = new BlobPayloadStore(account.Clients.Container(StorageNames.Payloads));
}

[Slow]
public sealed class TableUniqueKeyStoreConformance(SharedAccount account) : UniqueKeyStoreConformance, IClassFixture<SharedAccount>
{
    protected override IUniqueKeyStore Store { get; } = new TableUniqueKeyStore(account.Clients.Table(StorageNames.Keys));
}

[Slow]
public sealed class TableDeadLetterStoreConformance(AzuriteFixture azurite) : DeadLetterStoreConformance, IAsyncLifetime
{
    private IDeadLetterStore? _store;

    protected override IDeadLetterStore Store => _store!;

    public async ValueTask InitializeAsync() =>
        _store = new TableDeadLetterStore((await azurite.NewClientsAsync()).Table(StorageNames.DeadLetters));

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableJobListConformance(AzuriteFixture azurite) : JobListConformance, IAsyncLifetime
{
    private StorageClients? _clients;

    protected override IJobStore Store => field ??= new TableJobStore(_clients!.Table(StorageNames.Jobs));

    protected override IJobList List => field ??= new TableJobList(_clients!.Table(StorageNames.Jobs));

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    public ValueTask DisposeAsync() => default;
}
