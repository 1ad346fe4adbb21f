using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Testing;

namespace JobPipeline.Conformance;

public sealed class InMemoryJobStoreConformance : JobStoreConformance
{
    protected override IJobStore Store { get; } = new InMemoryJobStore();
}

public sealed class InMemoryQueueConformance : JobQueueConformance
{
    private readonly VirtualTimeProvider _time = new();
    private readonly InMemoryQueue _queue;

    public InMemoryQueueConformance() => _queue = new InMemoryQueue(_time);

    protected override IJobQueue Sender => _queue;

    protected override IJobQueueReceiver Receiver => _queue;

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

public sealed class InMemoryPayloadStoreConformance : PayloadStoreConformance
{
    protected override IPayloadStore Store { get; } = new InMemoryPayloadStore();
}

public sealed class InMemoryUniqueKeyStoreConformance : UniqueKeyStoreConformance
{
    protected override IUniqueKeyStore Store { get; } = new InMemoryUniqueKeyStore();
}

public sealed class InMemoryDeadLetterStoreConformance : DeadLetterStoreConformance
{
    protected override IDeadLetterStore Store { get; } = new InMemoryDeadLetterStore();
}

public sealed class InMemoryJobListConformance : JobListConformance
{
    private readonly InMemoryJobStore _store = new();

    public InMemoryJobListConformance() => List = new InMemoryJobList(_store);

    protected override IJobStore Store => _store;

    protected override IJobList List { get; }
}
