using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>What running jobs ask of a gate: permits of its rate for their calls, and a pause that a service asked for.</summary>
internal sealed class GatePermits(LocalGate gate, GateRow row, LocalGateServices services)
{
    /// <summary>The calls of this instance that were refused, for as long as they wait.</summary>
    private Meter _line = Meter.Fresh;

    /// <summary>Answers all calls that wait, with one write.</summary>
    public async Task GiveAsync(IReadOnlyList<GateRequest> requests)
    {
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var waiting = requests.Where(request => !request.Cancelled.IsCancellationRequested).ToList();
            if (waiting.Count == 0)
                break;
            var meter = await row.CurrentAsync();
            var (now, rule) = (row.Now, row.RuleOf(meter));
            var round = new PermitRound([.. waiting.Select(request => request.Latest)], _line, gate.Prepaid.Wanted(rule, now));
            var plan = PermitPlan.For(meter, rule, round, now);
            var isWritten = plan.Meter != meter;
            if (!isWritten || await row.TryWriteAsync(new GateChange(gate.Id, plan.Meter), now) is not null)
            {
                _line = plan.Line;
                if (isWritten)
                    gate.Admit(0, plan.Prepaid, now);
                var why = MeterRules.IsBlocked(meter, now) ? meter.BlockedWhy ?? "closed" : null;
                foreach (var (request, time) in waiting.Zip(plan.Times))
                    request.Complete(time.IsTaken ? new GateAnswer.Permitted(time.At) : new GateAnswer.Refused(time.At, why));
                break;
            }

            await row.BackOffAsync(losses);
        }

        foreach (var request in requests)
            request.Complete(GateAnswer.Changed.Instance);
    }

    /// <summary>Reads the meter if what is known is too old.</summary>
    public async Task LookAsync(IReadOnlyList<GateRequest> requests)
    {
        await row.CurrentAsync();
        foreach (var request in requests)
            request.Complete(GateAnswer.Done.Instance);
    }

    /// <summary>Closes the gate for as long as the longest of the requests asks for, with one write or none.</summary>
    public async Task HoldAsync(IReadOnlyList<GateRequest> requests)
    {
        var longest = requests.MaxBy(request => request.HoldUntil)!;
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var meter = await row.CurrentAsync();
            // Then none of the requests brings anything new.
            var isHeld = meter.BlockedUntil >= longest.HoldUntil;
            // Longer by the difference of the clocks: no instance is early, and answers that come together cost one write.
            var until = longest.HoldUntil + MeterRules.ClockSkew;
            var held = meter with { BlockedUntil = until, BlockedWhy = $"closed: {longest.HoldReason}", Rule = row.RuleOf(meter) };
            if (isHeld || await row.TryWriteAsync(new GateChange(gate.Id, held), row.Now) is not null)
            {
                if (!isHeld)
                    LimitLog.HeldBack(services.Logger, gate.Id, until, longest.HoldReason!);
                foreach (var request in requests)
                    request.Complete(GateAnswer.Done.Instance);
                return;
            }

            await row.BackOffAsync(losses);
        }

        foreach (var request in requests)
            request.Complete(GateAnswer.Changed.Instance);
    }
}
