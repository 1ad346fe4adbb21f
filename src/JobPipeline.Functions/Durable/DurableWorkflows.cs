using System.Diagnostics;
using DurableTask.Core.Exceptions;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Runs workflows as Durable orchestrations. The stored workflow instance reserves the id and is what the API shows and lists;
/// the orchestration with the same id drives it.
/// </summary>
internal sealed class DurableWorkflows(
    DurableClients clients,
    InstanceActivity instances,
    IWorkflowStore store,
    IWorkflowData data,
    IStrandStore strands,
    JobRegistry registry,
    WorkflowPurge purge,
    TimeProvider time,
    IOptions<DurableOptions> options)
    : IWorkflowRuntime
{
    /// <summary>
    /// The number of items per slice. A larger fan-out runs in slices, each an orchestration of its own, so that no history grows
    /// with the number of items.
    /// </summary>
    public const int ItemsPerSlice = 250;

    public async Task<bool> StartAsync(
        WorkflowDefinition definition, string id, ReadOnlyMemory<byte> input, string? correlationId, CancellationToken cancellationToken)
    {
        WorkflowValue.Check(input, "the input");
        if (await store.ReadAsync(id, cancellationToken) is { } existing)
        {
            // The process that created it may have crashed before it scheduled the orchestration.
            if (existing.State.Steps.All(step => step.Status == StepStatus.Pending) && !existing.State.Status.IsTerminal())
            {
                await instances.CompleteAsync(existing, cancellationToken);
                await ScheduleAsync(existing, cancellationToken);
            }

            return false;
        }

        var created = await instances.MakeAsync(definition, id, input, parent: null, correlationId, ItemsPerSlice, cancellationToken);
        if (created is not { } instance)
            return false;
        await ScheduleAsync(instance, cancellationToken);
        return true;
    }

    public async Task<RaiseOutcome> RaiseAsync(string id, string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        WorkflowValue.Check(payload, "the event's payload");
        if (await ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return RaiseOutcome.NotRunning;
        if (instance.IsMailboxFull(name))
            return RaiseOutcome.MailboxFull;
        var eventId = NewId();
        if (!payload.IsEmpty)
            await data.WriteAsync(id, [KeyValuePair.Create(WorkflowDataName.Event(eventId), payload)], cancellationToken);
        await SignalAsync(id, new WorkflowEvent.Raised(name, eventId) { TraceParent = Activity.Current?.Id }, cancellationToken);
        return RaiseOutcome.Accepted;
    }

    public async Task<bool> RequestAsync(string id, WorkflowEvent request, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { } instance || instance.State.Status.IsTerminal())
            return false;
        if (request is WorkflowEvent.TerminateRequested terminate && !await IsListeningAsync(id, cancellationToken))
            await EndAsync(instance, terminate.Reason, cancellationToken);
        else
        {
            var requestId = NewId();
            // Noted before it is sent: a strand that is out starts no further step, whenever the orchestration receives the request.
            await strands.NoteRequestAsync(id, requestId, instance.State.TakenEvents, cancellationToken);
            await SignalAsync(id, request.WithId(requestId), cancellationToken);
        }

        return true;
    }

    /// <summary>Whether an orchestration exists that will process a request.</summary>
    private async Task<bool> IsListeningAsync(string id, CancellationToken cancellationToken) =>
        await clients.Current.GetInstanceAsync(id, getInputsAndOutputs: false, cancellationToken)
            is { RuntimeStatus: OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending };

    /// <summary>Ends a workflow instance whose orchestration no longer exists or was suspended by Durable's own tools.</summary>
    private async Task EndAsync(WorkflowInstance instance, string reason, CancellationToken cancellationToken)
    {
        await clients.Current.TerminateInstanceAsync(instance.Id, new TerminateInstanceOptions(reason, Recursive: true), cancellationToken);
        await BreakOffAsync(instance, WorkflowStatus.Terminated, reason, cancellationToken);
    }

    public async Task<bool> RerunAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { } instance
            || !instance.State.Status.IsTerminal()
            || instance.State.Status == WorkflowStatus.Completed
            || instance.IsBeingPurged)
        {
            return false;
        }
        // The instance shows its end shortly before the orchestration completes.
        await clients.Current.WaitForInstanceCompletionAsync(id, cancellation: cancellationToken);
        if (!await ScheduleAsync(instance, cancellationToken))
            return false;
        // The orchestration will write the same state soon; either write may come first.
        await store.TryWriteAsync(
            instance with { State = WorkflowMachine.Rerun(new WorkflowPlan(instance.Definition), instance.State, time.GetUtcNow()).State },
            cancellationToken);
        return true;
    }

    public async Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var instance = await store.ReadAsync(id, cancellationToken);
        if (instance is null
            || instance.State.Status.IsTerminal()
            || await clients.Current.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } orchestration)
        {
            return instance;
        }
        return orchestration.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Failed => await BreakOffAsync(
                instance,
                WorkflowStatus.Failed,
                orchestration.FailureDetails?.ErrorMessage ?? "its orchestration failed",
                cancellationToken),
            OrchestrationRuntimeStatus.Terminated => await BreakOffAsync(
                instance, WorkflowStatus.Terminated, "its orchestration was terminated", cancellationToken),
            // The instance shows its end before the orchestration completes; read again, because both may have happened meanwhile.
            OrchestrationRuntimeStatus.Completed =>
                await store.ReadAsync(id, cancellationToken) is { } last && !last.State.Status.IsTerminal()
                    ? await BreakOffAsync(
                        last, WorkflowStatus.Failed, "its orchestration completed, but its result was not stored", cancellationToken)
                    : await store.ReadAsync(id, cancellationToken),
            _ => instance,
        };
    }

    public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(filter, cursor, limit, cancellationToken);

    public async Task<bool> PurgeAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { } instance || !instance.State.Status.IsTerminal())
            return false;
        return await purge.RunAsync(
            id,
            (one, token) => clients.Current.PurgeInstanceAsync(one, new PurgeInstanceOptions(Recursive: true), token),
            cancellationToken);
    }

    /// <summary>Schedules the orchestration. Returns false if one with that id is already running.</summary>
    private async Task<bool> ScheduleAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            await clients.Current.ScheduleNewOrchestrationInstanceAsync(
                WorkflowOrchestrator.Name,
                OrchestrationJson.Write(InputOf(instance)),
                new StartOrchestrationOptions(instance.Id),
                cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    private OrchestrationInput InputOf(WorkflowInstance instance) => OrchestrationInput.Of(
        instance, options.Value.Interpreter, options.Value.Strands ? QuickTypes.Of(instance.Definition, registry) : null);

    private Task SignalAsync(string id, WorkflowEvent signal, CancellationToken cancellationToken) =>
        clients.Current.RaiseEventAsync(id, Signals.Name, OrchestrationJson.Write(signal), cancellationToken);

    /// <summary>Records the end of a workflow instance whose orchestration ended without recording it.</summary>
    private async Task<WorkflowInstance> BreakOffAsync(
        WorkflowInstance instance, WorkflowStatus status, string reason, CancellationToken cancellationToken)
    {
        var broken = instance with { State = WorkflowMachine.BreakOff(instance.State, status, reason, time.GetUtcNow()) };
        return await store.TryWriteAsync(broken, cancellationToken) is { } version ? broken with { Version = version } : broken;
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
