using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>The records of jobs as one instance reaches them.</summary>
internal sealed class FaultyJobStore(IJobStore store, GateInstance instance) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ReadAsync(id, cancellationToken));

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken) =>
        instance.OperateAsync(() => store.ApplyAsync(transition, cancellationToken));
}

/// <summary>The queues as one instance reaches them.</summary>
internal sealed class FaultyQueue(IJobQueue queue, GateInstance instance) : IJobQueue
{
    public Task SendAsync(string name, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken) =>
        instance.OperateAsync(async () =>
        {
            await queue.SendAsync(name, body, delay, cancellationToken);
            return true;
        });
}
