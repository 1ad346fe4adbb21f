using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Local;

/// <summary>What a gate of this instance does in storage: one thing at a time, for all who wait.</summary>
internal sealed class GateWork
{
    private readonly LocalGate _gate;
    private readonly LocalGateServices _services;
    private readonly GateRow _row;
    private readonly GateAdmission _admission;
    private readonly GateExcess _excess;
    private readonly GateParking _parking;
    private readonly GatePermits _permits;
    private readonly GateRelease _release;

    public GateWork(LocalGate gate, LocalGateServices services)
    {
        (_gate, _services, _row) = (gate, services, new GateRow(gate, services));
        _admission = new GateAdmission(gate, _row, services);
        _excess = new GateExcess(gate, _row, services);
        _parking = new GateParking(gate, _row, services);
        _permits = new GatePermits(gate, _row, services);
        _release = new GateRelease(gate, _row, services);
    }

    public string Instance => _services.Instance;

    public LimitRule RuleOf(Meter meter) => _row.RuleOf(meter);

    /// <summary>Answers the requests, then runs a release turn or renews what this instance holds. Never throws.</summary>
    public async Task DoAsync(IReadOnlyList<GateRequest> requests, bool turn, bool tick)
    {
        await TryAsync(requests, [GateRequestKind.Hold], _permits.HoldAsync);
        await TryAsync(requests, [GateRequestKind.Park], _parking.ParkAsync);
        await TryAsync(requests, [GateRequestKind.Keep], _parking.KeepAsync);
        await TryAsync(requests, [GateRequestKind.Ask, GateRequestKind.Redeem], _admission.AdmitAsync);
        await TryAsync(requests, [GateRequestKind.Exceed], _excess.AdmitAsync);
        await TryAsync(requests, [GateRequestKind.Permit], _permits.GiveAsync);
        await TryAsync(requests, [GateRequestKind.Look], _permits.LookAsync);
        await TryAsync(requests, [GateRequestKind.Turn], ReleaseAsync);
        try
        {
            if (turn || (tick && _gate.Meter is { HasLot: true, TurnDue: { } due } && due <= _row.Now))
                await _release.ReleaseAsync();
            else if (tick)
                await _release.RenewAsync();
        }
        catch (Exception e)
        {
            // The due index brings the turn back, and the timer of the gate the renewal.
            LimitLog.TurnFailed(_services.Logger, e, _gate.Id);
        }
    }

    public async Task RemoveMeterAsync()
    {
        var meter = _gate.Meter;
        if (meter.Version is not null && MeterRules.FreshAt(meter, RuleOf(meter), _row.Now) <= _row.Now)
            await _services.Store.TryWriteAsync(new GateChange(_gate.Id, meter) { RemovesMeter = true }, CancellationToken.None);
    }

    private async Task ReleaseAsync(IReadOnlyList<GateRequest> requests)
    {
        await _release.ReleaseAsync();
        foreach (var request in requests)
            request.Complete(GateAnswer.Changed.Instance);
    }

    private async Task TryAsync(
        IReadOnlyList<GateRequest> requests, GateRequestKind[] kinds, Func<IReadOnlyList<GateRequest>, Task> act)
    {
        var those = requests.Where(request => kinds.Contains(request.Kind)).ToList();
        if (those.Count == 0)
            return;
        try
        {
            await act(those);
        }
        catch (Exception e)
        {
            _gate.Invalidate();
            foreach (var request in those)
                request.Fail(e);
        }
    }
}
