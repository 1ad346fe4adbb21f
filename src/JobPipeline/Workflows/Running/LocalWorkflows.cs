using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Running;

/// <summary>Workflows of the local runner: what is asked for becomes an event, which <see cref="LocalWorkflowRunner"/> applies.</summary>
internal sealed class LocalWorkflows(IWorkflowStore store, IWorkflowData data, WorkflowEvents events, WorkflowStarter starter, TimeProvider time) : IWorkflowRuntime
{
    private const int MaxRounds = 10;

    public Task<bool> StartAsync(WorkflowDefinition definition, string id, ReadOnlyMemory<byte> input, string? correlationId, CancellationToken cancellationToken) =>
        starter.StartAsync(definition, id, input, parent: null, correlationId, cancellationToken);

    public async Task<bool> RaiseAsync(string id, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return false;
        var eventId = NewId();
        if (!payload.IsEmpty)
            await data.WriteAsync(id, [KeyValuePair.Create(WorkflowDataName.Event(eventId), payload)], cancellationToken);
        await events.SendAsync(id, new WorkflowEvent.Raised(name, eventId), at: null, cancellationToken);
        return true;
    }

    public async Task<bool> RequestAsync(string id, WorkflowEvent request, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return false;
        await events.SendAsync(id, request.WithId(NewId()), at: null, cancellationToken);
        return true;
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    public async Task<bool> RerunAsync(string id, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await store.ReadAsync(id, cancellationToken) is not { } instance || !instance.State.Status.IsTerminal() || instance.State.Status == WorkflowStatus.Completed)
                return false;
            var turn = WorkflowMachine.Rerun(new WorkflowPlan(instance.Definition), instance.State, time.GetUtcNow());
            if (await store.TryWriteAsync(instance with { State = turn.State, Outbox = [.. instance.Outbox, .. turn.Effects] }, cancellationToken) is null)
                continue;
            // Says nothing new; whoever applies it finds what is to be done.
            await events.SendAsync(id, new WorkflowEvent.Started(), at: null, cancellationToken);
            return true;
        }

        throw new InvalidOperationException($"Workflow {id} would not hold still.");
    }

    public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(id, cancellationToken);

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) => store.ListAsync(filter, cursor, limit, cancellationToken);

    public async Task<bool> PurgeAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(id, cancellationToken) is not { } instance || !instance.State.Status.IsTerminal())
            return false;
        await data.RemoveAsync(id, cancellationToken);
        return await store.RemoveAsync(id, cancellationToken);
    }
}
