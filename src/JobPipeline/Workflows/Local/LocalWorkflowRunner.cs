using System.Text.Json;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// Runs workflows without Durable Functions: takes events off their queue, many at a time; applies those of an instance to
/// its state and saves that once, with what is to be done; does it; and only then lets go of the events. Several hosts
/// share the queue: who loses the race for an instance's version reads it again and applies its events anew. What fails comes
/// back later each time, and not for ever: in the end the event is kept as a dead letter and its instance has failed.
/// </summary>
public sealed class LocalWorkflowRunner
{
    /// <summary>Deliveries of a message after which it is kept as a dead letter although nothing could be noted of its tries.</summary>
    private const int MaxDeliveries = 1_000;

    /// <summary>From which delivery on an outage is noted on the instance.</summary>
    private const int NotedDeliveries = 3;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly LocalTurns _turns;
    private readonly FaultRules _faults;
    private readonly IDeadLetterStore _letters;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalWorkflowRunner> _logger;

    internal LocalWorkflowRunner(LocalTurns turns, FaultRules faults, IDeadLetterStore letters, TimeProvider time, ILogger<LocalWorkflowRunner> logger) =>
        (_turns, _faults, _letters, _time, _logger) = (turns, faults, letters, time, logger);

    /// <summary>
    /// Applies a batch. Says for each delivery, in their order, when it is to be seen again; null: it is done with and
    /// can be removed. Throws only when cancelled.
    /// </summary>
    /// <param name="deliveries">Messages of <see cref="WorkflowEvents.Queue"/>.</param>
    /// <param name="cancellationToken">Gives up; what was not settled comes back.</param>
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

    /// <summary>Null for what is no event: kept as a dead letter, or to be seen again because it could not be kept.</summary>
    private async Task<(WorkflowMessage? Message, DateTimeOffset? Again)> ReadAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return (WorkflowEvents.Read(delivery.Body), null);
        }
        catch (JsonException e)
        {
            WorkflowLog.Unreadable(_logger, e, delivery.MessageId, delivery.Queue);
            return (null, await TryKeepAsync(delivery, DeadLetterReason.Unreadable, e.Message, cancellationToken) ? null : _time.GetUtcNow() + Rest);
        }
    }

    private async Task<bool> TryKeepAsync(QueueDelivery delivery, DeadLetterReason reason, string why, CancellationToken cancellationToken)
    {
        var letter = new DeadLetter { Id = delivery.DerivedId, Reason = reason, Detail = why, At = _time.GetUtcNow(), Queue = delivery.Queue, Original = delivery.Body };
        try
        {
            await _letters.AddAsync(letter, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            WorkflowLog.NotKept(_logger, e, delivery.MessageId);
            return false;
        }
    }

    private async Task RunAsync(string id, IReadOnlyList<WorkflowDelivery> deliveries, DateTimeOffset?[] again, CancellationToken cancellationToken)
    {
        try
        {
            var retryAt = await _turns.ApplyAsync(id, deliveries, cancellationToken);
            // Everything is applied: one message is enough to come back for what could not be done yet.
            foreach (var delivery in deliveries)
                again[delivery.Index] = delivery == deliveries[0] ? retryAt : null;
            return;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One that can't be applied keeps no other from being applied: a request to terminate, say.
            if (deliveries.Count == 1 || _faults.Of(e) == FaultKind.Outage)
            {
                again[deliveries[0].Index] = await AfterFailureAsync(id, deliveries[0], e, cancellationToken);
                foreach (var other in deliveries.Skip(1))
                    again[other.Index] = again[deliveries[0].Index] ?? _time.GetUtcNow() + Rest;
                return;
            }
        }

        foreach (var delivery in deliveries)
            await RunAsync(id, [delivery], again, cancellationToken);
    }

    /// <summary>When the message is to be seen again; null: it was kept as a dead letter.</summary>
    private async Task<DateTimeOffset?> AfterFailureAsync(string id, WorkflowDelivery failed, Exception error, CancellationToken cancellationToken)
    {
        var delivery = failed.Delivery;
        var kind = _faults.Of(error) == FaultKind.Outage ? FaultKind.Outage : FaultKind.Unknown;
        // A hiccup of the storage is not worth a write.
        var noted = kind == FaultKind.Outage && delivery.DequeueCount < NotedDeliveries
            ? null
            : await _turns.TryNoteAsync(id, delivery.MessageId, error, cancellationToken);
        var isLost = noted is null && delivery.DequeueCount >= MaxDeliveries;
        if (isLost || (noted is { } count && Perseverance.IsOver(kind, count)))
        {
            if (await TryGiveUpAsync(id, delivery, error, cancellationToken))
                return isLost ? null : _time.GetUtcNow() + Rest;
        }

        var tries = noted ?? (int)Math.Min(delivery.DequeueCount, int.MaxValue);
        var at = _time.GetUtcNow() + Perseverance.PauseAfter(tries);
        WorkflowLog.NotApplied(_logger, error, id, tries, at);
        return at;
    }

    /// <summary>Keeps the event as a dead letter and ends its instance, which can't get past it. What the end asks for is done when the message comes back.</summary>
    private async Task<bool> TryGiveUpAsync(string id, QueueDelivery delivery, Exception error, CancellationToken cancellationToken)
    {
        WorkflowLog.Buried(_logger, error, delivery.MessageId, id);
        if (!await TryKeepAsync(delivery, DeadLetterReason.Poison, $"workflow {id} can't take it: {error.Message}", cancellationToken))
            return false;
        try
        {
            return await _turns.AbortAsync(id, error, cancellationToken) || delivery.DequeueCount >= MaxDeliveries;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            WorkflowLog.GivenUp(_logger, e, "abort", id);
            return delivery.DequeueCount >= MaxDeliveries;
        }
    }
}
