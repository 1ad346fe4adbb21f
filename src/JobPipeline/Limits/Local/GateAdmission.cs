using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>Answers all who ask at a gate together, with one write.</summary>
internal sealed class GateAdmission(LocalGate gate, GateRow row, LocalGateServices services)
{
    /// <summary>The longest wait for the permit of a rate in a slot of the host; those that would wait longer go back to their
    /// lot.</summary>
    private static readonly TimeSpan LocalWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan OneMore = TimeSpan.FromMilliseconds(1);

    public async Task AdmitAsync(IReadOnlyList<GateRequest> requests)
    {
        // A job's message may come twice at the same time.
        var redeeming = requests.Where(request => request.Kind == GateRequestKind.Redeem)
            .DistinctBy(request => request.Row!.Key)
            .Take(GateChange.MaxRows)
            .ToList();
        foreach (var other in requests.Where(request => request.Kind == GateRequestKind.Redeem).Except(redeeming))
            other.Complete(GateAnswer.Changed.Instance);
        var asking = requests.Where(request => request.Kind == GateRequestKind.Ask).ToList();
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var meter = await KnowingAsync(redeeming);
            var (now, rule) = (row.Now, row.RuleOf(meter));
            var inAdvance = gate.Prepaid.Wanted(rule, now);
            var round = new AdmissionRound(services.Instance, gate.InUse, redeeming.Count, asking.Count, inAdvance);
            var plan = AdmissionPlan.For(meter, rule, round, now, services.SlotLease);
            if (plan.Redeemed + plan.Admitted == 0)
            {
                Answer(redeeming, asking, plan, now);
                await WaitOrReturnAsync(redeeming, plan.NextAt, now);
                return;
            }

            var redeemed = redeeming.Take(plan.Redeemed).Select(request => request.Row!);
            var change = new GateChange(gate.Id, plan.Meter) { Removed = [.. redeemed] };
            if (await row.TryWriteAsync(change, now) is not null)
            {
                gate.Admit(plan.Redeemed + plan.Admitted, plan.Prepaid, now);
                Answer(redeeming, asking, plan, now);
                await WaitOrReturnAsync([.. redeeming.Skip(plan.Redeemed)], plan.NextAt, now);
                return;
            }

            redeeming = await StillGrantedAsync(redeeming);
            await row.BackOffAsync(losses);
        }

        foreach (var request in redeeming.Concat(asking))
            request.Complete(GateAnswer.Changed.Instance);
    }

    /// <summary>The meter, read again if it does not know of the grants: another instance's turn made them since.</summary>
    private async Task<Meter> KnowingAsync(List<GateRequest> redeeming)
    {
        if ((await row.CurrentAsync()).Granted < redeeming.Count)
            gate.Invalidate();
        var meter = await row.CurrentAsync();
        foreach (var request in redeeming.Skip(meter.Granted).ToList())
        {
            redeeming.Remove(request);
            request.Complete(GateAnswer.Changed.Instance);
        }

        return meter;
    }

    /// <summary>Opens the gate for those that got a permit; the others that asked have to wait.</summary>
    private void Answer(List<GateRequest> redeeming, List<GateRequest> asking, AdmissionPlan plan, DateTimeOffset now)
    {
        foreach (var request in redeeming.Take(plan.Redeemed).Concat(asking.Take(plan.Admitted)))
            request.Complete(new GateAnswer.Open(new SlotPermit(gate)));
        foreach (var request in asking.Skip(plan.Admitted))
            request.Complete(new GateAnswer.Closed(plan.NextAt > now ? plan.NextAt : now + services.SlotLease));
    }

    /// <summary>
    /// Granted jobs whose permit of the rate is not due yet: those that are nearly due wait here, the others return to the lot, where
    /// they are first.
    /// </summary>
    private async Task WaitOrReturnAsync(List<GateRequest> late, DateTimeOffset nextAt, DateTimeOffset now)
    {
        if (late.Count == 0)
            return;
        if (nextAt - now <= LocalWait)
        {
            // Timers cut off fractions of milliseconds: without one more, it would be too early.
            await Task.Delay((nextAt > now ? nextAt - now : TimeSpan.Zero) + OneMore, services.Time);
            await AdmitAsync(late);
            return;
        }

        var meter = await row.CurrentAsync();
        var back = late.Select(request => request.Row! with { IsGranted = false, SentAt = null }).ToList();
        var change = new GateChange(gate.Id, meter with { Granted = meter.Granted - late.Count }) { Changed = back };
        if (await row.TryWriteAsync(change, now) is not null)
        {
            foreach (var request in late)
                request.Complete(GateAnswer.Parked.Instance);
            gate.RequestTurn();
            return;
        }

        foreach (var request in late)
            request.Complete(GateAnswer.Changed.Instance);
    }

    /// <summary>Finds out which of the rows were the reason that a write was refused: they have changed, or are gone.</summary>
    private async Task<List<GateRequest>> StillGrantedAsync(IReadOnlyList<GateRequest> redeeming)
    {
        var left = new List<GateRequest>();
        foreach (var request in redeeming)
        {
            var stored = await services.Store.FindAsync(gate.Id, request.Row!.Key, CancellationToken.None);
            if (stored?.Version == request.Row.Version)
                left.Add(request);
            else
                request.Complete(GateAnswer.Changed.Instance);
        }

        return left;
    }
}
