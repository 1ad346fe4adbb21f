using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Limits;
using JobPipeline.AzureStorage.Maintenance;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Queues;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Testing;

namespace JobPipeline.Conformance;

public sealed class InMemoryLimitStoreConformance : LimitStoreConformance
{
    private protected override ILimitStore Store { get; } = new InMemoryLimitStore();
}

public sealed class InMemoryPauseStoreConformance : PauseStoreConformance
{
    protected override IPauseStore Store { get; } = new InMemoryPauseStore();
}

public sealed class InMemoryInstanceStoreConformance : InstanceStoreConformance
{
    private protected override IInstanceStore Store { get; } = new InMemoryInstanceStore();
}

public sealed class InMemorySweepLedgerConformance : SweepLedgerConformance
{
    private protected override ISweepLedger Ledger { get; } = new InMemorySweepLedger();
}

public sealed class InMemoryOpenJobListConformance : OpenJobListConformance
{
    private readonly InMemoryJobStore _store = new();

    protected override IJobStore Store => _store;

    private protected override IOpenJobList List => new InMemoryOpenJobList(_store);
}

public sealed class InMemoryQueueProbeConformance : QueueProbeConformance
{
    private readonly InMemoryQueue _queue = new(new VirtualTimeProvider());

    protected override IJobQueue Sender => _queue;

    protected override IJobQueueReceiver Receiver => _queue;

    private protected override IQueueProbe Probe => _queue;
}

public sealed class InMemorySweepConformance : RetentionSweepConformance
{
    private readonly VirtualTimeProvider _time = new();
    private readonly InMemoryJobStore _jobs = new();
    private readonly InMemoryPayloadStore _payloads;
    private readonly InMemoryDeadLetterStore _deadLetters = new();
    private readonly InMemoryUniqueKeyStore _keys = new();

    public InMemorySweepConformance() => _payloads = new InMemoryPayloadStore(_time);

    protected override IJobStore Jobs => _jobs;

    protected override IPayloadStore Payloads => _payloads;

    protected override IDeadLetterStore DeadLetters => _deadLetters;

    protected override IUniqueKeyStore Keys => _keys;

    private protected override IRetentionSweep JobSweep => new InMemoryJobSweep(_jobs);

    private protected override IRetentionSweep PayloadSweep => new InMemoryPayloadSweep(_payloads, _jobs);

    private protected override IRetentionSweep LetterSweep => new InMemoryDeadLetterSweep(_deadLetters);

    private protected override IUniqueKeySweep KeySweep => new InMemoryUniqueKeySweep(_keys);

    protected override DateTimeOffset After(TimeSpan age) => _time.GetUtcNow() + age;
}

[Slow]
public sealed class TableLimitStoreConformance(AzuriteFixture azurite) : LimitStoreConformance, IAsyncLifetime
{
    private ILimitStore? _store;

    private protected override ILimitStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = new TableLimitStore((await azurite.NewClientsAsync()).Table(StorageNames.Limits));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[Slow]
public sealed class TablePauseStoreConformance(AzuriteFixture azurite) : PauseStoreConformance, IAsyncLifetime
{
    private IPauseStore? _store;

    protected override IPauseStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = new TablePauseStore((await azurite.NewClientsAsync()).Table(StorageNames.Pauses));

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableInstanceStoreConformance(AzuriteFixture azurite) : InstanceStoreConformance, IAsyncLifetime
{
    private IInstanceStore? _store;

    private protected override IInstanceStore Store => _store!;

    public async ValueTask InitializeAsync() =>
        _store = new TableInstanceStore((await azurite.NewClientsAsync()).Table(StorageNames.Instances));

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableSweepLedgerConformance(AzuriteFixture azurite) : SweepLedgerConformance, IAsyncLifetime
{
    private StorageClients? _clients;

    private protected override ISweepLedger Ledger => field ??= LedgerOf("test");

    [Fact]
    public async Task Ledgers_OfTwoSweeps_AreIndependent()
    {
        await Ledger.TryWriteAsync(new SweepWatermark { Place = new SweepPlace(Samples.Now, "jobs") }, Token);
        await Ledger.PutLeftoverAsync(new SweepLeftover(new SweepPlace(Samples.Now, "jobs"), Samples.Now), Token);

        Assert.Null(await LedgerOf("other").ReadAsync(Token));
        Assert.Empty(await LedgerOf("other").ListDueAsync(Samples.Now, 10, Token));
    }

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    private TableSweepLedger LedgerOf(string sweep) => new(_clients!.Table(StorageNames.Housekeeping), sweep);

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class TableOpenJobListConformance(AzuriteFixture azurite) : OpenJobListConformance, IAsyncLifetime
{
    private StorageClients? _clients;

    protected override IJobStore Store => field ??= new TableJobStore(_clients!.Table(StorageNames.Jobs));

    private protected override IOpenJobList List => new TableOpenJobList(_clients!.Table(StorageNames.Jobs));

    public async ValueTask InitializeAsync() => _clients = await azurite.NewClientsAsync();

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class AzureQueueProbeConformance(AzuriteFixture azurite) : QueueProbeConformance, IAsyncLifetime
{
    private StorageClients? _clients;
    private QueueJobQueue? _queue;

    protected override IJobQueue Sender => _queue!;

    protected override IJobQueueReceiver Receiver => _queue!;

    private protected override IQueueProbe Probe => new QueueProbe(_clients!);

    public async ValueTask InitializeAsync() => _queue = new QueueJobQueue(_clients = await azurite.NewClientsAsync());

    public ValueTask DisposeAsync() => default;
}

[Slow]
public sealed class AzureSweepConformance(AzuriteFixture azurite) : RetentionSweepConformance, IAsyncLifetime
{
    private StorageClients? _clients;
    private TableJobStore? _jobs;

    protected override IJobStore Jobs => _jobs!;

    protected override IPayloadStore Payloads => new BlobPayloadStore(_clients!.Container(StorageNames.Payloads));

    protected override IDeadLetterStore DeadLetters => new TableDeadLetterStore(_clients!.Table(StorageNames.DeadLetters));

    protected override IUniqueKeyStore Keys => new TableUniqueKeyStore(_clients!.Table(StorageNames.Keys));

    private protected override IRetentionSweep JobSweep => new TableJobSweep(_clients!.Table(StorageNames.Jobs));

    private protected override IRetentionSweep PayloadSweep => new BlobPayloadSweep(_clients!.Container(StorageNames.Payloads), _jobs!);

    private protected override IRetentionSweep LetterSweep => new TableDeadLetterSweep(_clients!.Table(StorageNames.DeadLetters));

    private protected override IUniqueKeySweep KeySweep => new TableUniqueKeySweep(_clients!.Table(StorageNames.Keys));

    public async ValueTask InitializeAsync()
    {
        _clients = await azurite.NewClientsAsync();
        _jobs = new TableJobStore(_clients.Table(StorageNames.Jobs));
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>The service sets a blob's time.</summary>
    protected override DateTimeOffset After(TimeSpan age) => TimeProvider.System.GetUtcNow() + age;
}
