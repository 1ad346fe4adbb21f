using JobPipeline.Jobs;

namespace JobPipeline.Tests.Interleavings;

/// <summary>The promises of a gate: no start without a permit, and each permit is settled once, after the record or unused.</summary>
internal sealed partial class History
{
    /// <summary>A worker whose lease may have run out since its claim may give up without a record, a second before that.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(59);

    private readonly Dictionary<Actor, Start> _permits = [];
    private bool _hasGate;

    public void Asked(Actor actor, bool isOpen)
    {
        _hasGate = true;
        _log.Add($"{actor.Name} found the gate {(isOpen ? "open" : "closed")}");
        if (_permits.ContainsKey(actor))
            throw Broken("a worker asked the gate while it held a permit");
        if (isOpen)
            _permits[actor] = new Start(Slot: null, Claim: default);
    }

    public void PermitCompleted(Actor actor, DateTimeOffset now)
    {
        _log.Add($"{actor.Name} completed its permit");
        if (!_permits.Remove(actor, out var start))
            throw Broken("a permit was completed twice, or after it was returned");
        // The handler of the bulk replay does not report its start.
        if (start.Slot is not { } slot)
            return;
        if (_holders[slot] is { State: AttemptState.Running } row && row.ClaimId == start.Claim && now < row.StartedAt + GiveUpAfter)
            throw Broken("a permit was completed before the outcome was on record");
    }

    public void PermitReturned(Actor actor)
    {
        _log.Add($"{actor.Name} returned its permit");
        if (!_permits.Remove(actor, out var start))
            throw Broken("a permit was returned twice, or after it was completed");
        if (start.Slot is not null)
            throw Broken("a permit was returned as unused after its handler had started");
    }

    /// <summary>The worker is done with a message.</summary>
    public void DeliveryEnded(Actor actor)
    {
        if (_permits.ContainsKey(actor))
            throw Broken("a permit was held after its delivery had ended");
    }

    private void StartedBehindTheGate(Actor actor, JobId job, int attempt, Guid claim)
    {
        if (!_hasGate)
            return;
        if (!_permits.TryGetValue(actor, out var start))
            throw Broken("a handler started though the gate was closed");
        if (start.Slot is not null)
            throw Broken("two handlers started on one permit");
        _permits[actor] = new Start((job, attempt), claim);
    }

    /// <summary>The attempt that started on a permit; no slot while none has.</summary>
    private readonly record struct Start((JobId, int)? Slot, Guid Claim);
}
