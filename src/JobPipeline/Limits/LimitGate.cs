using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Local;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Options;

namespace JobPipeline.Limits;

/// <summary>
/// Lets jobs start as the limits of their types allow, and parks those that have to wait. A job that waited comes with a message that
/// names the gates at which capacity is reserved for it.
/// </summary>
internal sealed class LimitGate(
    LimitRegistry limits,
    LimitKeys keys,
    LocalGates gates,
    GrantSender sender,
    ILimitStore store,
    IJobStore jobs,
    TimeProvider time,
    IOptions<JobPipelineOptions> options) : IStartGate
{
    /// <summary>Rounds of asking and parking before the message is put back. In each, another instance changed the gate.</summary>
    private const int MaxRounds = 10;

    /// <summary>The delay of a message that could be neither started nor parked.</summary>
    private static readonly TimeSpan ShortDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The delay of a job for which no message stands. A row keeps its place meanwhile, and is granted when its turn comes.
    /// </summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(15);

    public int Order => GateOrder.Limit;

    public ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var own = request.WillRun ? limits.Of(request.Descriptor?.Type) : [];
        return own.Count == 0 && request.Ready is null
            ? ValueTask.FromResult<GateDecision>(GateDecision.Open.WithoutPermit)
            : new ValueTask<GateDecision>(AskAsync(request, own, cancellationToken));
    }

    private async Task<GateDecision> AskAsync(
        StartRequest request, IReadOnlyList<LimitDefinition> own, CancellationToken cancellationToken)
    {
        var permits = new StartPermits();
        try
        {
            var passed = await RedeemAsync(request, permits, cancellationToken);
            foreach (var limit in own)
            {
                var id = new GateId(limit.Name, await keys.OfAsync(limit, request, cancellationToken));
                if (request.IsExpedited && !passed.Contains(id))
                    permits.Add(await ExceedAsync(request, id, cancellationToken));
                else if (!passed.Contains(id) && await PassAsync(request, limit, id, permits, cancellationToken) is { } closed)
                    return closed;
            }

            var open = new GateDecision.Open(permits);
            permits = null;
            return open;
        }
        finally
        {
            if (permits is not null)
                await permits.ReturnAsync();
        }
    }

    /// <summary>Turns what is reserved for the job into permits. The rows of the gates decide, not the message.</summary>
    private async Task<HashSet<GateId>> RedeemAsync(StartRequest request, StartPermits permits, CancellationToken cancellationToken)
    {
        var passed = new HashSet<GateId>();
        foreach (var named in request.Ready?.Gates ?? [])
        {
            var id = new GateId(named.Limit, named.Key);
            if (await TryRedeemAsync(request, id, cancellationToken) is not { } permit)
                continue;
            permits.Add(permit);
            passed.Add(id);
        }

        return passed;
    }

    private async Task<IStartPermit?> TryRedeemAsync(StartRequest request, GateId id, CancellationToken cancellationToken)
    {
        var key = ParkedKey.Of(request.Job, request.Queue, request.Spec);
        var row = sender.Take(id, request.Job);
        for (var round = 0; round < MaxRounds; round++)
        {
            row ??= await store.FindAsync(id, key, cancellationToken);
            if (row is not { IsGranted: true })
                return null;
            if (await gates.Of(id).RedeemAsync(row) is GateAnswer.Open open)
                return open.Permit;
            row = null;
        }

        return null;
    }

    /// <summary>
    /// Takes a permit beyond what the gate allows. A row that waits there has no more use: the message, which says that the job is to run
    /// now, stands for it.
    /// </summary>
    private async Task<IStartPermit> ExceedAsync(StartRequest request, GateId id, CancellationToken cancellationToken)
    {
        if (await TryRedeemAsync(request, id, cancellationToken) is { } permit)
            return permit;
        var key = ParkedKey.Of(request.Job, request.Queue, request.Spec);
        if (await store.FindAsync(id, key, cancellationToken) is { IsGranted: false } row)
            await store.TryRemoveAsync(id, row, cancellationToken);
        while (true)
        {
            // Any other answer is that of a gate that this instance has just forgotten.
            if (await gates.Of(id).ExceedAsync() is GateAnswer.Open open)
                return open.Permit;
        }
    }

    /// <summary>Asks one gate. Null: the job has passed it.</summary>
    private async Task<GateDecision?> PassAsync(
        StartRequest request, LimitDefinition limit, GateId id, StartPermits permits, CancellationToken cancellationToken)
    {
        var mayHaveRow = request.IsRedelivery;
        for (var round = 0; round < MaxRounds; round++)
        {
            var gate = gates.Of(id);
            // What was reserved for the job and never used must not stay reserved.
            if (mayHaveRow && await TryRedeemAsync(request, id, cancellationToken) is { } redeemed)
            {
                permits.Add(redeemed);
                return null;
            }

            switch (await gate.AskAsync())
            {
                case GateAnswer.Open open:
                    permits.Add(open.Permit);
                    return null;
                case GateAnswer.Closed when limit.OnLimit == OnLimit.Drop:
                    return new GateDecision.Closed(time.GetUtcNow(), DeferralReason.LimitReached, Why(id), OnRecord: true) { Drops = true };
                case GateAnswer.Closed:
                    if (mayHaveRow && await HasStartedAsync(request, cancellationToken))
                        return Closed(id, ShortDelay, onRecord: true);
                    if (await ParkAsync(request, gate, permits) is GateAnswer.Parked)
                        return request.MayPark ? new GateDecision.Parked(Why(id)) : Closed(id, AskAgainAfter, onRecord: false);
                    mayHaveRow = true;
                    break;
            }
        }

        return Closed(id, ShortDelay, onRecord: false);
    }

    /// <summary>
    /// Whether a job that was delivered before has started or ended: it must not be parked then. The claim decides about it, and if its
    /// attempt is free after all, releases it on record.
    /// </summary>
    private async Task<bool> HasStartedAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var rows = await jobs.ReadAsync(request.Job, cancellationToken);
        var message = new JobMessage(request.Job, request.Attempt, request.Spec);
        var decision = DeliveryDecision.For(message, rows, time.GetUtcNow(), options.Value.MaxDeaths);
        return decision is not (DeliveryDecision.Claim or DeliveryDecision.TakeOver);
    }

    /// <summary>Parks the job. At gates that it has passed before, its place is kept.</summary>
    private async Task<GateAnswer> ParkAsync(StartRequest request, LocalGate gate, StartPermits permits)
    {
        // Only at gates before this one in the order of the type: two jobs that keep the gates of each other would never start.
        var order = limits.Of(request.Spec.Type).Select(limit => limit.Name).ToList();
        var passed = permits.Of<SlotPermit>()
            .Where(permit => order.IndexOf(permit.Gate.Id.Limit) is var place and >= 0 && place < order.IndexOf(gate.Id.Limit))
            .ToList();
        var mark = new ReadyMark(
            request.Queue, [.. passed.Select(permit => permit.Gate).Append(gate).Select(at => new ReadyGate(at.Id.Limit, at.Id.Key))]);
        var row = new ParkedJob
        {
            Job = request.Job,
            Key = ParkedKey.Of(request.Job, request.Queue, request.Spec),
            Queue = request.Queue,
            Type = request.Spec.Type,
            Body = request.MayPark ? JobMessageWriter.WriteReady(request.Job, request.Attempt, request.Spec, mark) : default,
            IsTicket = !request.MayPark,
            ParkedAt = time.GetUtcNow(),
            ExpiresAt = request.Spec.ExpiresAt,
        };
        foreach (var permit in passed)
        {
            if (await permit.Gate.KeepAsync(row) is not GateAnswer.Parked)
                return GateAnswer.Changed.Instance;
            permit.TryEnd();
            permits.Remove(permit);
        }

        return await gate.ParkAsync(row);
    }

    private GateDecision.Closed Closed(GateId id, TimeSpan delay, bool onRecord) =>
        new(time.GetUtcNow() + delay, DeferralReason.LimitReached, Why(id), onRecord);

    private static string Why(GateId id) => $"it waits at {id}";
}
