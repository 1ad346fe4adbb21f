using System.Runtime.CompilerServices;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Interleavings.Workflows;

internal sealed class GatedWorkflowStore(IWorkflowStore inner, Actor actor, Scheduler scheduler, FlowHistory history) : IWorkflowStore
{
    public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read instance", () => inner.ReadAsync(id, cancellationToken));

    public Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "write instance", async () =>
        {
            var before = await inner.ReadAsync(instance.Id, cancellationToken);
            var version = await inner.TryWriteAsync(instance, cancellationToken);
            history.Written(actor, before, instance, version is not null);
            return version;
        });

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) => throw new NotSupportedException();
}

internal sealed class GatedWorkflowData(IWorkflowData inner, Actor actor, Scheduler scheduler, FlowHistory history) : IWorkflowData
{
    public Task WriteAsync(
        string instance,
        IReadOnlyCollection<KeyValuePair<WorkflowDataName, ReadOnlyMemory<byte>>> values,
        CancellationToken cancellationToken
    ) => scheduler.OperateAsync(actor, "write values", async () =>
        {
            await inner.WriteAsync(instance, values, cancellationToken);
            history.Note($"{actor.Name} wrote {string.Join(", ", values.Select(value => value.Key))}");
            return true;
        });

    public Task<bool> TryWriteOutputAsync(
        string instance,
        WorkflowDataName name,
        long rank,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    ) => scheduler.OperateAsync(actor, "write output", async () =>
        {
            var isWritten = await inner.TryWriteOutputAsync(instance, name, rank, value, cancellationToken);
            history.Note(
                $"{actor.Name} {(isWritten ? "wrote" : "did not write")} {name} = {System.Text.Encoding.UTF8.GetString(value.Span)}");
            return isWritten;
        });

    public Task<ReadOnlyMemory<byte>?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read value", () => inner.ReadAsync(instance, name, cancellationToken));

    public async IAsyncEnumerable<(int Item, ReadOnlyMemory<byte> Value)> ReadItemsAsync(
        string instance, WorkflowDataName step, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = await scheduler.OperateAsync(actor, "read items", async () =>
        {
            var read = new List<(int, ReadOnlyMemory<byte>)>();
            await foreach (var item in inner.ReadItemsAsync(instance, step, cancellationToken))
                read.Add(item);
            return read;
        });
        foreach (var item in items)
            yield return item;
    }

    public IAsyncEnumerable<string> ListChildrenAsync(string instance, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveAsync(string instance, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>Both queues; after each send, performs the writes that a mutation has delayed.</summary>
internal sealed class GatedFlowQueue(IJobQueue inner, Actor actor, Scheduler scheduler, FlowHistory history, Func<Task> after) : IJobQueue
{
    public async Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        await scheduler.OperateAsync(actor, $"send to {queue}", async () =>
        {
            await inner.SendAsync(queue, body, delay, cancellationToken);
            history.Sent(actor, queue, body, delay);
            return true;
        });
        await after();
    }
}

/// <summary>The job rows.</summary>
internal sealed class GatedJobRows(IJobStore inner, Actor actor, Scheduler scheduler, FlowHistory history) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "read rows", () => inner.ReadAsync(id, cancellationToken));

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken) =>
        scheduler.OperateAsync(actor, "write rows", async () =>
        {
            var result = await inner.ApplyAsync(transition, cancellationToken);
            if (result.Applied && transition.Attempt?.Row is { Deaths: > 0 } row)
                history.Died((await inner.ReadAsync(transition.Job, cancellationToken)).Record!.Spec.Workflow!.Run, row.Deaths);
            history.Note(
                $"{actor.Name} {(result.Applied ? "wrote" : "could not write")} {transition.Record?.Status.State.ToString() ?? "touch"}"
                    + $" of job {transition.Job.ToString()[^4..]} {transition.Attempt?.Row.State}");
            return result;
        });
}
