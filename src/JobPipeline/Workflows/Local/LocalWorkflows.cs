using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Workflows of the local runner: each request becomes an event that <see cref="LocalWorkflowRunner"/> applies.
/// </summary>
internal sealed class LocalWorkflows(
    IWorkflowStore store,
    IWorkflowData data,
    WorkflowEvents events,
    WorkflowStarter starter,
    WorkflowPurge purge,
    TimeProvider time)
    : IWorkflowRuntime
{
    private const int MaxRounds = 10;

    /// <summary>
    /// The delay of the wake-up event that is sent before a re-run is saved. If the process crashes in between, the re-run starts
    /// after this delay.
    /// </summary>
    private static readonly TimeSpan WakeAfter = TimeSpan.FromSeconds(30);

    public Task<bool> StartAsync(
        WorkflowDefinition definition,
        string id,
        ReadOnlyMemory<byte> input,
        string? correlationId,
        CancellationToken cancellationToken)
    {
        WorkflowValue.Check(input, "the input");
        return starter.StartAsync(definition, id, input, parent: null, correlationId, cancellationToken);
    }

    public async Task<RaiseOutcome> RaiseAsync(string id, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        WorkflowValue.Check(payload, "the payload of the event");
        if (await store.ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return RaiseOutcome.NotRunning;
        if (instance.IsMailboxFull(name))
            return RaiseOutcome.MailboxFull;
        var eventId = NewId();
        if (!payload.IsEmpty)
            await data.WriteAsync(id, [KeyValuePair.Create(WorkflowDataName.Event(eventId), payload)], cancellationToken);
        await events.SendAsync(id, new WorkflowEvent.Raised(name, eventId), at: null, cancellationToken);
        return RaiseOutcome.Accepted;
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
            if (await store.ReadAsync(id, cancellationToken) is not { } instance)
                return false;
            if (!instance.State.Status.IsTerminal())
            {
                // The process that started the re-run may have crashed before it sent the wake-up event.
                if (instance.State.Generation > 1 && instance.Outbox.Count > 0)
                    await WakeAsync(id, at: null, cancellationToken);
                return false;
            }

            if (instance.State.Status == WorkflowStatus.Completed || instance.IsBeingPurged)
                return false;
            if (round == 0)
                await WakeAsync(id, time.GetUtcNow() + WakeAfter, cancellationToken);
            var turn = WorkflowMachine.Rerun(new WorkflowPlan(instance.Definition), instance.State, time.GetUtcNow());
            var rerun = instance with { State = turn.State, Outbox = [.. instance.Outbox, .. turn.Effects], Stall = null };
            if (await store.TryWriteAsync(rerun, cancellationToken) is null)
                continue;
            await WakeAsync(id, at: null, cancellationToken);
            return true;
        }

        throw new InvalidOperationException($"Running workflow {id} again was given up after {MaxRounds} concurrent modifications.");
    }

    /// <summary>Sends an event that changes nothing, so that the runner carries out the effects in the outbox.</summary>
    private Task WakeAsync(string id, DateTimeOffset? at, CancellationToken cancellationToken) =>
        events.SendAsync(id, new WorkflowEvent.Started(), at, cancellationToken);

    public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(id, cancellationToken);

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(filter, cursor, limit, cancellationToken);

    public Task<bool> PurgeAsync(string id, CancellationToken cancellationToken) => purge.RunAsync(id, removeRest: null, cancellationToken);
}
