using JobPipeline.Execution;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

/// <summary>Deliberate defects of the protocol.</summary>
public enum Mutation
{
    None,
    FenceDropped,
    AcknowledgeBeforeCommit,
    FollowUpBeforeRecord,
    LeaseIgnored,
    PutBackTurnedIntoAcknowledge,
    ReplaySentBeforeLink,
    UnknownTypeBuriedAtOnce,
}

internal static class Mutations
{
    public static ProtocolVariation ToVariation(this Mutation mutation) =>
        mutation switch
        {
            Mutation.FollowUpBeforeRecord => new ProtocolVariation { FollowUpBeforeRecord = true },
            Mutation.ReplaySentBeforeLink => new ProtocolVariation { ReplaySentBeforeLink = true },
            Mutation.LeaseIgnored => new ProtocolVariation
            {
                Decide = static (message, rows, now, maxDeaths) =>
                    DeliveryDecision.For(message, rows, now + TimeSpan.FromDays(1), maxDeaths),
            },
            Mutation.PutBackTurnedIntoAcknowledge => new ProtocolVariation
            {
                Decide = static (message, rows, now, maxDeaths) =>
                    DeliveryDecision.For(message, rows, now, maxDeaths) is var decision and not DeliveryDecision.PutBack
                        ? decision
                        : new DeliveryDecision.Acknowledge(),
            },
            _ => new ProtocolVariation(),
        };
}

/// <summary>A store without fencing: the last writer of an attempt wins.</summary>
internal sealed class UnfencedStore(IJobStore inner) : IJobStore
{
    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

    public async Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (transition.Attempt is { Row: { Version: not null } row })
        {
            var stored = (await inner.ReadAsync(transition.Job, cancellationToken)).Attempts.First(a => a.Number == row.Number);
            transition = transition with { Attempt = new AttemptWrite(row with { Version = stored.Version }) };
        }

        return await inner.ApplyAsync(transition, cancellationToken);
    }
}

/// <summary>A store that confirms an outcome at once but writes it only after the message was deleted.</summary>
internal sealed class EarlyAcknowledgingStore(IJobStore inner) : IJobStore
{
    private readonly List<JobTransition> _pending = [];

    public Task<JobSnapshot> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken)
    {
        if (transition.Record?.Status.State is not (JobState.Succeeded or JobState.Retrying))
            return inner.ApplyAsync(transition, cancellationToken);
        _pending.Add(transition);
        return Task.FromResult(new TransitionResult(true, "pending"));
    }

    public async Task CommitAsync()
    {
        foreach (var transition in _pending.ToArray())
            await inner.ApplyAsync(transition, CancellationToken.None);
        _pending.Clear();
    }
}
