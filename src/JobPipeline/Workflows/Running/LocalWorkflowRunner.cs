using System.Text.Json;
using JobPipeline.Failures;
using JobPipeline.Jobs;
using JobPipeline.Monitoring;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Running;

/// <summary>
/// Runs workflows without Durable Functions: takes events off their queue, many at a time; applies those of an instance to
/// its state and saves that once, with what is to be done; does it; and only then lets go of the events. Several hosts
/// share the queue: who loses the race for an instance's version reads it again and applies its events anew.
/// </summary>
public sealed class LocalWorkflowRunner
{
    private const int MaxRounds = 10;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;
    private readonly LocalEffects _effects;
    private readonly IDeadLetterStore _letters;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalWorkflowRunner> _logger;

    internal LocalWorkflowRunner(IWorkflowStore store, IWorkflowData data, LocalEffects effects, IDeadLetterStore letters, TimeProvider time, ILogger<LocalWorkflowRunner> logger) =>
        (_store, _data, _effects, _letters, _time, _logger) = (store, data, effects, letters, time, logger);

    /// <summary>
    /// Works off a batch. Says for each delivery, in their order, when it is to be seen again; null: it is done with and
    /// can be removed. Throws only when cancelled.
    /// </summary>
    /// <param name="deliveries">Messages of <see cref="WorkflowEvents.Queue"/>.</param>
    /// <param name="cancellationToken">Gives up; what was not settled comes back.</param>
    public async Task<IReadOnlyList<DateTimeOffset?>> RunAsync(IReadOnlyList<QueueDelivery> deliveries, CancellationToken cancellationToken)
    {
        var again = new DateTimeOffset?[deliveries.Count];
        var events = new List<(int Index, WorkflowMessage Message)>();
        for (var i = 0; i < deliveries.Count; i++)
        {
            var (message, back) = await ReadAsync(deliveries[i], cancellationToken);
            if (message is null)
                again[i] = back;
            else if (message.At > _time.GetUtcNow())
                again[i] = message.At;
            else
                events.Add((i, message));
        }

        await Task.WhenAll(events.GroupBy(entry => entry.Message.Instance, StringComparer.Ordinal).Select(async group =>
        {
            var seen = await TryApplyAsync(group.Key, [.. group.Select(entry => entry.Message)], cancellationToken);
            foreach (var (index, _) in group)
                again[index] = seen ? null : _time.GetUtcNow() + Rest;
        }));
        return again;
    }

    /// <summary>Null for what is no event: kept as a dead letter, or to be seen again because it could not be kept.</summary>
    private async Task<(WorkflowMessage? Message, DateTimeOffset? Again)> ReadAsync(QueueDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return (WorkflowEvents.Read(delivery.Body), null);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            WorkflowLog.Unreadable(_logger, e, delivery.MessageId, delivery.Queue);
            return (null, await TryKeepAsync(delivery, e.Message, cancellationToken) ? null : _time.GetUtcNow() + Rest);
        }
    }

    private async Task<bool> TryKeepAsync(QueueDelivery delivery, string why, CancellationToken cancellationToken)
    {
        var letter = new DeadLetter { Id = delivery.DerivedId, Reason = DeadLetterReason.Unreadable, Detail = why, At = _time.GetUtcNow(), Queue = delivery.Queue, Original = delivery.Body };
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

    private async Task<bool> TryApplyAsync(string id, IReadOnlyList<WorkflowMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            var events = messages.Select(message => message.Event).ToList();
            for (var round = 0; round < MaxRounds; round++)
            {
                if (await _store.ReadAsync(id, cancellationToken) is not { } instance)
                {
                    WorkflowLog.Unknown(_logger, id, events.Count);
                    return true;
                }

                using var span = JobTracing.StartWorkflowTurn(instance.Definition.Name, id, instance.TraceParent, messages.Select(message => message.TraceParent));
                if (await ApplyAsync(instance, events, cancellationToken))
                    return true;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            WorkflowLog.NotApplied(_logger, e, id);
        }

        return false;
    }

    /// <summary>False: somebody else wrote the instance meanwhile.</summary>
    private async Task<bool> ApplyAsync(WorkflowInstance instance, IReadOnlyList<WorkflowEvent> events, CancellationToken cancellationToken)
    {
        var plan = PreparedPlans.Of(instance.Definition);
        var state = instance.State;
        // What an earlier save left may not have been sent: its sender may have died.
        var outbox = instance.Outbox.ToList();
        foreach (var happened in events)
        {
            var turn = WorkflowMachine.Evolve(plan, state, happened, _time.GetUtcNow());
            if (happened is WorkflowEvent.Raised raised && IsDropped(state, turn.State, raised))
                WorkflowLog.Dropped(_logger, raised.Name, instance.Id);
            state = turn.State;
            outbox.AddRange(turn.Effects);
        }

        var saved = instance with { State = state, Outbox = outbox, StagedInput = null };
        // What is stored already is not stored again: two that send the same outbox would take each other's version for ever.
        if (!ReferenceEquals(state, instance.State))
        {
            await _data.KeepInputAsync(instance, cancellationToken);
            if (await _store.TryWriteAsync(saved, cancellationToken) is not { } version)
                return false;
            saved = saved with { Version = version };
        }

        if (outbox.Count == 0)
            return true;
        await _effects.SendAsync(saved, plan, outbox, cancellationToken);
        // Lost to somebody else: they found the outbox, and have sent it again.
        await _store.TryWriteAsync(saved with { Outbox = [] }, cancellationToken);
        return true;
    }

    /// <summary>More were on their way than the mailbox holds; one that comes again changes nothing either.</summary>
    private static bool IsDropped(WorkflowState before, WorkflowState after, WorkflowEvent.Raised raised) =>
        ReferenceEquals(before, after)
        && before.Mailbox.Length >= Mailbox.Size
        && !before.Status.IsTerminal()
        && !before.TakenEvents.Contains(raised.Id, StringComparer.Ordinal)
        && before.Mailbox.All(kept => kept.Id != raised.Id);
}
