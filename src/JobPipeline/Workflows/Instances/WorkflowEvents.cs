using System.Diagnostics;
using System.Text.Json;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>An event on its way to an instance.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">Not before; null: at once. Longer waits than a message can be hidden for hop.</param>
/// <param name="TraceParent">W3C trace context of what made it happen.</param>
public sealed record WorkflowMessage(string Instance, WorkflowEvent Event, DateTimeOffset? At = null, string? TraceParent = null);

/// <summary>The queue that events travel on.</summary>
public sealed class WorkflowEvents
{
    /// <summary>Its name.</summary>
    public const string Queue = StorageNames.WorkflowEvents;

    private readonly IJobQueue _queue;
    private readonly TimeProvider _time;

    internal WorkflowEvents(IJobQueue queue, TimeProvider time) => (_queue, _time) = (queue, time);

    public Task SendAsync(string instance, WorkflowEvent happened, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var delay = at is { } due && due > _time.GetUtcNow() ? due - _time.GetUtcNow() : TimeSpan.Zero;
        return _queue.SendAsync(Queue, JsonSerializer.SerializeToUtf8Bytes(new WorkflowMessage(instance, happened, at, Activity.Current?.Id), JobJson.Options), delay, cancellationToken);
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static WorkflowMessage Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var message = JsonSerializer.Deserialize<WorkflowMessage>(body.Span, JobJson.Options) ?? throw new JsonException("null is no workflow event");
            return WorkflowIds.IsId(message.Instance) ? message : throw new JsonException($"'{message.Instance}' is not the id of a workflow instance");
        }
        catch (Exception e) when (e is not JsonException)
        {
            // Whatever the reader stumbles over, such as half a surrogate pair: it does so at every delivery.
            throw new JsonException($"it is no workflow event: {e.Message}", e);
        }
    }
}
