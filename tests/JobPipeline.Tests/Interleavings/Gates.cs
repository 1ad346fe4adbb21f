using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

internal sealed class GatedStore(IJobStore inner, Actor actor, Scheduler scheduler, History history, TimeProvider time) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read rows", () => inner.ReadAsync(id, cancellationToken));

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "write rows", async () =>
        {
            var before = await inner.ReadAsync(transition.Job, cancellationToken);
            var result = await inner.ApplyAsync(transition, cancellationToken);
            if (result.Applied)
                history.Written(actor, transition, before, time.GetUtcNow());
            return result;
        });
}

internal sealed class GatedQueue(IJobQueue inner, Actor actor, Scheduler scheduler, History history) : IJobQueue
{
    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "send", async () =>
        {
            await inner.SendAsync(queue, body, delay, cancellationToken);
            history.Sent(actor, body);
            return true;
        });
}

internal sealed class GatedKeys(IUniqueKeyStore inner, Actor actor, Scheduler scheduler) : IUniqueKeyStore
{
    public Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "put key", () => inner.TryPutAsync(key, cancellationToken));

    public Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read key", () => inner.ReadAsync(type, key, cancellationToken));
}

internal sealed class GatedDeadLetters(IDeadLetterStore inner, Actor actor, Scheduler scheduler, History history) : IDeadLetterStore
{
    public Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "write dead letter", async () =>
        {
            await inner.AddAsync(deadLetter, cancellationToken);
            history.Kept(actor, deadLetter);
            return true;
        });

    public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read dead letter", () => inner.ReadAsync(id, cancellationToken));

    public Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "write replays", () => inner.TryWriteReplaysAsync(deadLetter, cancellationToken));

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "list dead letters", () => inner.ListAsync(filter, before, limit, cancellationToken));

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "remove dead letter", () => inner.RemoveAsync(id, cancellationToken));
}
