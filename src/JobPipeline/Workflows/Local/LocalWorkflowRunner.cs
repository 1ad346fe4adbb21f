using System.Text.Json;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Runs workflows without Durable Functions. It receives events from their queue in batches, applies those of each workflow
/// instance to its state, saves the state once together with the effects, carries out the effects, and only then acknowledges the
/// events. Several hosts share the queue: a host that loses the race for a workflow instance's version reads it again and
/// reapplies its events. Failures are retried with a growing delay, but not forever: in the end, the event becomes a dead letter
/// and its workflow instance fails.
/// </summary>
internal sealed class LocalWorkflowRunner
{
    /// <summary>
    /// The number of deliveries after which a message becomes a dead letter even if its tries could not be recorded.
    /// </summary>
    private const int MaxDeliveries = 1_000;

    /// <summary>The number of deliveries from which an outage is recorded on the workflow instance.</summary>
    private const int NotedDeliveries = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly ILocalTurns _turns;
    private readonly LocalTurns _instances;
    private readonly FaultRules _faults;
    private readonly IDeadLetterStore _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalWorkflowRunner> _logger;

    public LocalWorkflowRunner(
        ILocalTurns turns,
        LocalTurns instances,
        FaultRules errors,
        IDeadLetterStore deadLetters,
        TimeProvider time,
        ILogger<LocalWorkflowRunner> logger) =>
        (_turns, _instances, _faults, _deadLetters, _time, _logger) = (turns, instances, errors, deadLetters, time, logger);

    /// <summary>
    /// Applies a batch of deliveries. Returns, for each delivery in order, when it must be received again, or null if it is done
    /// and can be deleted. Throws only when cancelled.
    /// </summary>
    /// <param name="deliveries">Deliveries from <see cref="WorkflowEvents.Queue"/>.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation; deliveries that are not settled are received again.
    /// </param>
    public async Task<IReadOnlyList<DateTimeOffset?>> RunAsync(IReadOnlyList<QueueDelivery> deliveries, CancellationToken cancellationToken)
    {
        var again = new DateTimeOffset?[deliveries.Count];
        var events = new List<WorkflowDelivery>();
        for (var i = 0; i < deliveries.Count; i++)
        {
            var (message, back) = await ReadAsync(deliveries[i], cancellationToken);
            if (message is null)
                again[i] = back;
            else if (message.At > _time.GetUtcNow())
                again[i] = message.At;
            else
                events.Add(new WorkflowDelivery(i, message, deliveries[i]));
        }

        await Task.WhenAll(events.GroupBy(entry => entry.Message.Instance, StringComparer.Ordinal)
            .Select(group => RunAsync(group.Key, [.. group], again, cancellationToken)));
        return again;
    }

    /// <summary>
    /// Reads the event of a delivery. An unreadable message has no event: it becomes a dead letter, or is received again if the
    /// dead letter could not be stored.
    /// </summary>
    private async Task<(WorkflowMessage? Message, DateTimeOffset? Again)> ReadAsync(
        QueueDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return (WorkflowEvents.Read(delivery.Body), null);
        }
        catch (JsonException e)
        {
            WorkflowLog.Unreadable(_logger, e, delivery.MessageId, delivery.Queue);
            var isStored = await TryDeadLetterAsync(delivery, DeadLetterReason.Unreadable, e.Message, cancellationToken);
            return (null, isStored ? null : _time.GetUtcNow() + RetryDelay);
        }
    }

    private async Task<bool> TryDeadLetterAsync(
        QueueDelivery delivery, DeadLetterReason reason, string why, CancellationToken cancellationToken)
    {
        var deadLetter = new DeadLetter
        {
            Id = delivery.DerivedId,
            Reason = reason,
            Detail = why,
            At = _time.GetUtcNow(),
            Queue = delivery.Queue,
            Original = delivery.Body,
        };
        try
        {
            await _deadLetters.AddAsync(deadLetter, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            WorkflowLog.NotKept(_logger, e, delivery.MessageId);
            return false;
        }
    }

    private async Task RunAsync(
        string id, IReadOnlyList<WorkflowDelivery> deliveries, DateTimeOffset?[] again, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _turns.ApplyAsync(id, [.. deliveries.Select(EventOf)], cancellationToken);
            // All events are applied: one message is enough to retry the effects that are left.
            foreach (var delivery in deliveries)
                again[delivery.Index] = delivery == deliveries[0] || !result.IsApplied ? result.RetryAt : null;
            return;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Apply the events one by one, so that an event that can't be applied does not block the others, such as a request to
            // terminate.
            if (deliveries.Count == 1 || _faults.Of(e) == FaultKind.Outage)
            {
                again[deliveries[0].Index] = await AfterFailureAsync(id, deliveries[0], e, cancellationToken);
                foreach (var other in deliveries.Skip(1))
                    again[other.Index] = again[deliveries[0].Index] ?? _time.GetUtcNow() + RetryDelay;
                return;
            }
        }

        foreach (var delivery in deliveries)
            await RunAsync(id, [delivery], again, cancellationToken);
    }

    private static LocalEvent EventOf(WorkflowDelivery delivery) => new(delivery.Message.Event, delivery.Message.TraceParent)
    {
        MessageId = delivery.Delivery.MessageId,
        // A start after the first changes nothing: it is sent to retry the effects that are left.
        IsRedelivery = delivery.Delivery.DequeueCount > 1 || delivery.Message.Event is WorkflowEvent.Started,
    };

    /// <summary>Returns when the message must be received again; null if it became a dead letter.</summary>
    private async Task<DateTimeOffset?> AfterFailureAsync(
        string id, WorkflowDelivery failed, Exception error, CancellationToken cancellationToken)
    {
        var delivery = failed.Delivery;
        var kind = _faults.Of(error) == FaultKind.Outage ? FaultKind.Outage : FaultKind.Unknown;
        // A brief outage of the storage is not worth a write.
        var noted = kind == FaultKind.Outage && delivery.DequeueCount < NotedDeliveries
            ? null
            : await _instances.TryNoteAsync(id, delivery.MessageId, error, cancellationToken);
        var isLost = noted is null && delivery.DequeueCount >= MaxDeliveries;
        if (isLost || (noted is { } count && RetryLimits.IsOver(kind, count)))
        {
            if (await TryGiveUpAsync(id, delivery, error, cancellationToken))
                return isLost ? null : _time.GetUtcNow() + RetryDelay;
        }

        var tries = noted ?? (int)Math.Min(delivery.DequeueCount, int.MaxValue);
        var at = _time.GetUtcNow() + RetryLimits.PauseAfter(tries);
        WorkflowLog.NotApplied(_logger, error, id, tries, at);
        return at;
    }

    /// <summary>
    /// Stores the event as a dead letter and fails its workflow instance, which can't continue without it. The resulting effects
    /// are carried out when the message is received again.
    /// </summary>
    private async Task<bool> TryGiveUpAsync(string id, QueueDelivery delivery, Exception error, CancellationToken cancellationToken)
    {
        WorkflowLog.DeadLettered(_logger, error, delivery.MessageId, id);
        var why = $"workflow {id} can't apply it: {error.Message}";
        if (!await TryDeadLetterAsync(delivery, DeadLetterReason.Poison, why, cancellationToken))
            return false;
        try
        {
            return await _instances.AbortAsync(id, error, cancellationToken) || delivery.DequeueCount >= MaxDeliveries;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            WorkflowLog.GivenUp(_logger, e, "abort", id);
            return delivery.DequeueCount >= MaxDeliveries;
        }
    }
}
