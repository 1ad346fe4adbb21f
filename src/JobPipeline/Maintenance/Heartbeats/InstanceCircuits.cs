using JobPipeline.Configuration;
using JobPipeline.Instances;
using JobPipeline.Limits.Circuits;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>The circuits that are not closed, on every instance: here as they are, elsewhere as the last beat told.</summary>
public sealed class InstanceCircuits
{
    private readonly IInstanceStore _instances;
    private readonly CircuitRegistry _own;
    private readonly WorkerIdentity _worker;
    private readonly TimeProvider _time;
    private readonly TimeSpan _heard;

    internal InstanceCircuits(IInstanceStore instances, CircuitRegistry own, WorkerIdentity worker, TimeProvider time, IOptions<InstanceOptions> options)
    {
        (_instances, _own, _worker, _time) = (instances, own, worker, time);
        // Whoever has not been heard of for longer tells nothing about now.
        _heard = options.Value.BeatInterval * options.Value.MissedBeats;
    }

    /// <summary>One query of one partition.</summary>
    public async Task<IReadOnlyList<(string Instance, CircuitStatus Circuit)>> ListAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var others = (await _instances.ListAsync(cancellationToken))
            .Where(instance => instance.Name != _worker.Name && instance.GoodbyeAt is null && instance.LastBeatAt + _heard > now)
            .SelectMany(instance => instance.OpenCircuits.Select(circuit => (instance.Name, circuit)));
        return [.. _own.All.Where(circuit => circuit.State != CircuitState.Closed).Select(circuit => (_worker.Name, circuit)).Concat(others)];
    }
}
