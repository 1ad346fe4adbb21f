using JobPipeline.Configuration;
using JobPipeline.Instances;
using JobPipeline.Limits.Circuits;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>
/// Lists the circuits that are not closed on any instance: on this one as they are now, on others as of their last heartbeat.
/// </summary>
internal sealed class InstanceCircuits
{
    private readonly IInstanceStore _instances;
    private readonly CircuitRegistry _own;
    private readonly WorkerIdentity _worker;
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxAge;

    public InstanceCircuits(
        IInstanceStore instances, CircuitRegistry own, WorkerIdentity worker, TimeProvider time, IOptions<InstanceOptions> options)
    {
        (_instances, _own, _worker, _time) = (instances, own, worker, time);
        // An older heartbeat does not describe the current state.
        _maxAge = options.Value.BeatInterval * options.Value.MissedBeats;
    }

    /// <summary>Lists the circuits, in one query of one partition.</summary>
    public async Task<IReadOnlyList<(string Instance, CircuitStatus Circuit)>> ListAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var others = (await _instances.ListAsync(cancellationToken))
            .Where(instance => instance.Name != _worker.Name && instance.StoppedAt is null && instance.LastHeartbeatAt + _maxAge > now)
            .SelectMany(instance => instance.OpenCircuits.Select(circuit => (instance.Name, circuit)));
        return
        [
            .. _own.All.Where(circuit => circuit.State != CircuitState.Closed).Select(circuit => (_worker.Name, circuit)).Concat(others),
        ];
    }
}
