using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows;

/// <summary>Starts workflows, raises events and reads workflow instances, for handlers, hosts and tests.</summary>
public sealed class WorkflowClient
{
    private readonly IWorkflowRuntime _runtime;
    private readonly IWorkflowData _data;
    private readonly WorkflowCatalog _catalog;
    private readonly TimeProvider _time;

    internal WorkflowClient(IWorkflowRuntime runtime, IWorkflowData data, WorkflowCatalog catalog, TimeProvider time) =>
        (_runtime, _data, _catalog, _time) = (runtime, data, catalog, time);

    /// <summary>
    /// Starts a registered workflow, with the input serialized as JSON. Returns the id of the workflow instance. Has no effect
    /// if an instance with that id exists.
    /// </summary>
    /// <param name="name">The name of the workflow.</param>
    /// <param name="input">The input.</param>
    /// <param name="id">The id of the workflow instance; by default a new one.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="ArgumentException">The workflow is unknown, or the id is not valid.</exception>
    /// <exception cref="MessageFormatException">The input exceeds the limits.</exception>
    public async Task<string> StartAsync<TInput>(
        string name, TInput input, string? id = null, CancellationToken cancellationToken = default)
    {
        var definition = _catalog.Find(name)
            ?? throw new ArgumentException(
                $"{_catalog.WhyUnknown(name)}. Register it with services.AddWorkflow(definition).", nameof(name));
        if (id is not null && !WorkflowIds.IsId(id))
            throw new ArgumentException($"'{id}' is not a valid id for a workflow instance.", nameof(id));
        id ??= WorkflowIds.Create(_time.GetUtcNow());
        await _runtime.StartAsync(definition, id, Json(input), correlationId: null, cancellationToken);
        return id;
    }

    /// <summary>
    /// Raises an event, with the payload serialized as JSON. It is delivered to the step that waits for it, or kept for a later
    /// step. Returns false if the workflow instance is unknown or has ended, or keeps no more events.
    /// </summary>
    /// <exception cref="MessageFormatException">The payload exceeds the limits.</exception>
    public async Task<bool> RaiseEventAsync<TPayload>(
        string id, string name, TPayload payload, CancellationToken cancellationToken = default) =>
        await _runtime.RaiseAsync(id, name, Json(payload), cancellationToken) == RaiseOutcome.Accepted;

    /// <summary>
    /// Requests cancellation: running steps are stopped, and completed ones are compensated. Returns false if the workflow
    /// instance is unknown or has ended.
    /// </summary>
    public Task<bool> CancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        _runtime.RequestAsync(id, new WorkflowEvent.CancelRequested(reason), cancellationToken);

    /// <summary>Reads a workflow instance; null if it is unknown.</summary>
    public async Task<WorkflowRun?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        if (await _runtime.ReadAsync(id, cancellationToken) is not { } instance)
            return null;
        var steps = instance.Definition.Steps.Zip(instance.State.Steps);
        return new WorkflowRun(
            id,
            instance.Definition.Name,
            instance.State.Status,
            instance.State.Reason,
            steps.ToDictionary(step => step.First.Id, step => step.Second.Status, StringComparer.Ordinal));
    }

    /// <summary>Reads the output of a workflow instance; default if it has none yet.</summary>
    /// <exception cref="JsonException">The output does not fit the type.</exception>
    public async Task<TOutput?> GetOutputAsync<TOutput>(string id, CancellationToken cancellationToken = default) =>
        await _data.ReadAsync(id, WorkflowDataName.Output, cancellationToken) is { IsEmpty: false } output
            ? JsonSerializer.Deserialize<TOutput>(output.Span, JobJson.Options)
            : default;

    private static byte[] Json<TValue>(TValue value) => JsonSerializer.SerializeToUtf8Bytes(value, JobJson.Options);
}

/// <summary>The state of a workflow instance.</summary>
/// <param name="Id">The id.</param>
/// <param name="Workflow">The name of the workflow.</param>
/// <param name="Status">The status.</param>
/// <param name="Reason">Why it ended or is being cancelled; null if no reason was recorded.</param>
/// <param name="Steps">The status of each step, by its id.</param>
public sealed record WorkflowRun(
    string Id, string Workflow, WorkflowStatus Status, string? Reason, IReadOnlyDictionary<string, StepStatus> Steps);
