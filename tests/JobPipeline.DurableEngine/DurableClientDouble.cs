using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>The orchestration client for the double of the engine.</summary>
internal sealed class DurableClientDouble(OrchestrationDouble engine) : DurableTaskClient("double")
{
    private int _ids;

    /// <summary>
    /// Whether raising an event for a missing or ended instance throws, as on the Functions host with Azure Storage. If false,
    /// the event is dropped, as by other hosts and <see cref="TaskOrchestrationContext.SendEvent"/>.
    /// </summary>
    public bool RefusesEventsForNobody { get; set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? $"{Interlocked.Increment(ref _ids):x32}";
        var refused = options?.DedupeStatuses?.Select(status => Enum.Parse<OrchestrationRuntimeStatus>(status, ignoreCase: true));
        return engine.TryStart(orchestratorName.Name, id, DurableJson.Write(input, engine.Json), options?.StartAt, refused: refused) is null
            ? throw new OrchestrationAlreadyExistsException($"An Orchestration instance with the ID {id} already exists.")
            : Task.FromResult(id);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        engine.TrySend(instanceId, new HistoryEntry.Raised(eventName, DurableJson.Write(eventPayload, engine.Json)))
            || !RefusesEventsForNobody
            ? Task.CompletedTask
            : throw new InvalidOperationException($"There is no instance '{instanceId}' that could take the event '{eventName}'.");

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (options?.Recursive == true && engine.Find(instanceId) is { } instance)
        {
            foreach (var child in engine.ChildrenOf(instance))
                _ = TerminateInstanceAsync(child.Id, options, cancellation);
        }

        return Send(instanceId, new HistoryEntry.Terminated(DurableJson.Write(options?.Output, engine.Json)));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Send(instanceId, new HistoryEntry.Suspended());

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Send(instanceId, new HistoryEntry.Resumed());

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(engine.Find(instanceId) is { } instance ? DurablePages.Describe(instance, getInputsAndOutputs) : null);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new DurablePages(engine, filter ?? new OrchestrationQuery());

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        Task.FromResult(new PurgeResult(engine.Purge(instanceId, options?.Recursive == true)));

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException("Time does not advance during a wait; run the engine first, then read the instance.");

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var instance = engine.Find(instanceId) ?? throw new ArgumentException($"There is no instance '{instanceId}'.", nameof(instanceId));
        await instance.Ended.Task.WaitAsync(cancellation);
        return DurablePages.Describe(instance, getInputsAndOutputs);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Send(string instanceId, HistoryEntry entry)
    {
        engine.TrySend(instanceId, entry);
        return Task.CompletedTask;
    }
}
