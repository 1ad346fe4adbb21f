using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>Lets jobs start beyond what the gate allows, because someone asked for it. They count like all others.</summary>
internal sealed class GateExcess(LocalGate gate, GateRow row, LocalGateServices services)
{
    public async Task AdmitAsync(IReadOnlyList<GateRequest> requests)
    {
        var count = requests.Count;
        for (var losses = 0; losses < GateRow.MaxLosses; losses++)
        {
            var (meter, now) = (await row.CurrentAsync(), row.Now);
            var rule = row.RuleOf(meter);
            var charged = RateRules.Charge(meter, rule.Rate, count, now);
            charged = MeterRules.WithSlots(charged, rule, services.Instance, gate.InUse + count, now, services.SlotLease);
            if (await row.TryWriteAsync(new GateChange(gate.Id, charged with { Rule = rule }), now) is not null)
            {
                gate.Admit(count, prepaid: 0, now);
                foreach (var request in requests)
                    request.Complete(new GateAnswer.Open(new SlotPermit(gate)));
                return;
            }

            await row.BackOffAsync(losses);
        }

        throw new InvalidOperationException($"Other instances were faster {GateRow.MaxLosses} times at {gate.Id}; it is asked again.");
    }
}
