using System.Diagnostics;
using System.Text.Json;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Instances;

/// <summary>A message with an event for a workflow instance.</summary>
/// <param name="Instance">The id of the workflow instance.</param>
/// <param name="Event">The event.</param>
/// <param name="At">
/// The earliest time to apply the event; null for at once. If that is later than a message can be hidden for, the message is
/// hidden again.
/// </param>
/// <param name="TraceParent">The W3C trace context of the event's cause.</param>
internal sealed record WorkflowMessage(string Instance, WorkflowEvent Event, DateTimeOffset? At = null, string? TraceParent = null);

/// <summary>Sends and reads the messages of the workflow-event queue.</summary>
internal sealed class WorkflowEvents
{
    /// <summary>The name of the queue.</summary>
    public const string Queue = StorageNames.WorkflowEvents;

    private readonly IJobQueue _queue;
    private readonly TimeProvider _time;

    public WorkflowEvents(IJobQueue queue, TimeProvider time) => (_queue, _time) = (queue, time);

    public Task SendAsync(string instance, WorkflowEvent happened, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var delay = at is { } due && due > _time.GetUtcNow() ? due - _time.GetUtcNow() : TimeSpan.Zero;
        var message = new WorkflowMessage(instance, happened, at, Activity.Current?.Id);
        return _queue.SendAsync(Queue, JsonSerializer.SerializeToUtf8Bytes(message, JobJson.Options), delay, cancellationToken);
    }

    /// <summary>Reads the message of a delivery.</summary>
    /// <exception cref="JsonException">The body is not a message with a workflow event.</exception>
    public static WorkflowMessage Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var message = JsonSerializer.Deserialize<WorkflowMessage>(body.Span, JobJson.Options)
                ?? throw new JsonException("a workflow event must not be null");
            return WorkflowIds.IsId(message.Instance)
                ? message
                : throw new JsonException($"'{message.Instance}' is not a valid workflow instance id");
        }
        catch (Exception e) when (e is not JsonException)
        {
            // Any other error of the reader, such as half a surrogate pair, is permanent too.
            throw new JsonException($"the message is not a workflow event: {e.Message}", e);
        }
    }
}
