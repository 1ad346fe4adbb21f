using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>The release turns of a gate, and the renewal of what this instance holds.</summary>
internal sealed class GateRelease(LocalGate gate, GateRow row, LocalGateServices services)
{
    /// <summary>Runs a release turn: reserves capacity for the jobs that may start, in one write, and then sends their messages.</summary>
    public async Task ReleaseAsync()
    {
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var now = row.Now;
            var isDue = gate.Meter.TurnDue is not { } due || due <= now;
            var lot = await services.Store.ReadLotAsync(gate.Id, GateChange.MaxRows, withUnstarted: isDue, CancellationToken.None);
            gate.Adopt(lot.Meter, now);
            services.Metrics.Waits(gate.Id.Limit, gate.Id.Partition, lot.Waiting.Min(job => (DateTimeOffset?)job.ParkedAt));
            if (lot.Version is null)
                return;
            var turn = new ReleaseTurn(services.Instance, gate.InUse, now, services.SlotLease);
            var decision = ReleaseDecision.For(lot, row.RuleOf(lot.Meter), turn, services.IsHeld);
            if (await TryReleaseAsync(lot, decision, now) is not { } sent)
            {
                await row.BackOffAsync(losses);
                continue;
            }

            foreach (var (granted, at) in sent.Where(send => !send.Row.IsTicket))
                await services.Sender.SendAsync(gate.Id, granted, at, CancellationToken.None);
            services.Metrics.Released(gate.Id.Limit, [.. decision.Granted.Select(grant => now - grant.Job.ParkedAt)]);
            if (decision.Granted.Count == 0 || decision.Meter.TurnDue > now)
                return;
            losses = -1;
        }
    }

    private async Task<IReadOnlyList<(ParkedJob Row, DateTimeOffset At)>?> TryReleaseAsync(
        Lot lot, ReleaseDecision decision, DateTimeOffset now)
    {
        var next = decision.Meter.TurnDue;
        if (next is { } due && next != lot.Meter.TurnDue)
            await services.Store.AddDueAsync(new DueGate(gate.Id, due), CancellationToken.None);
        var sends = decision.Granted.Concat(decision.Resent.Select(job => (Job: job, At: now))).ToList();
        var changed = sends
            .Select(send => send.Job with { IsGranted = true, SentAt = send.At, Sends = send.Job.Sends + 1 })
            .ToList();
        var change = new GateChange(gate.Id, decision.Meter) 
        {
            Changed = changed, Removed = decision.Lapsed, ClosesLot = decision.ClosesLot ? lot.Version : null,
        };
        if (await row.TryWriteAsync(change, now) is not { } written)
            return null;
        if (lot.Meter.TurnDue is { } old && old != next)
            await services.Store.RemoveDueAsync(new DueGate(gate.Id, old), CancellationToken.None);
        return [.. written.Changed.Zip(sends, (written, send) => (written, send.At))];
    }

    /// <summary>Renews the lease of the slots in use, and returns the others.</summary>
    public async Task RenewAsync()
    {
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var (meter, rule) = (await row.CurrentAsync(), row.RuleOf(gate.Meter));
            if (meter.HasLot && MeterRules.SlotsOf(meter, services.Instance, row.Now) > gate.InUse)
            {
                await ReleaseAsync();
                return;
            }

            if (MeterRules.SlotsOf(meter, services.Instance, row.Now) == 0 && gate.InUse == 0)
                return;
            var renewed = MeterRules.WithSlots(meter, rule, services.Instance, gate.InUse, row.Now, services.SlotLease);
            var change = new GateChange(gate.Id, renewed)
            {
                RemovesMeter = meter.Version is not null && MeterRules.IsFresh(renewed, rule, row.Now),
            };
            if (await row.TryWriteAsync(change, row.Now) is not null)
                return;
            await row.BackOffAsync(losses);
        }
    }
}
