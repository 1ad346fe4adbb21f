using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Limits.Circuits;
using JobPipeline.Limits.Governor;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Heartbeats;

/// <summary>
/// Writes the heartbeat of this instance with its jobs in flight at regular intervals, and records its shutdown. The messages of jobs
/// in flight on a lost instance are re-sent by other instances. Jobs claimed since the last heartbeat are not listed; they are
/// redelivered when their message becomes visible again.
/// </summary>
internal sealed class InstanceHeartbeat
{
    private readonly IInstanceStore _store;
    private readonly InFlightJobs _inFlight;
    private readonly CircuitRegistry _circuits;
    private readonly ResourceGovernor _governor;
    private readonly WaitingMessages _waiting;
    private readonly LeftJobs _left;
    private readonly KnownJobType[] _types;
    private readonly WorkerIdentity _worker;
    private readonly TimeProvider _time;
    private readonly InstanceOptions _options;
    private readonly ILogger<InstanceHeartbeat> _logger;
    private readonly DateTimeOffset _startedAt;

    public InstanceHeartbeat(
        IInstanceStore store,
        InFlightJobs inFlight,
        CircuitRegistry circuits,
        ResourceGovernor governor,
        WaitingMessages waiting,
        LeftJobs left,
        JobRegistry registry,
        WorkerIdentity worker,
        TimeProvider time,
        IOptions<InstanceOptions> options,
        ILogger<InstanceHeartbeat> logger)
    {
        (_store, _inFlight, _circuits, _waiting) = (store, inFlight, circuits, waiting);
        (_worker, _time, _options, _logger) = (worker, time, options.Value, logger);
        (_left, _governor) = (left, governor);
        _types = [.. registry.All.Select(type => new KnownJobType(type.Type, type.Queue))];
        _startedAt = time.GetUtcNow();
    }

    /// <summary>Writes heartbeats until cancelled. A failed heartbeat is logged, and the next one is written as usual.</summary>
    /// <param name="kind">The kind of host: <c>self-host</c> or <c>functions</c>.</param>
    /// <param name="stopping">Ends the heartbeats; record the shutdown after that.</param>
    public async Task KeepBeatingAsync(string kind, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // Never cancelled: a heartbeat that storage applies late would overwrite the recorded shutdown.
                await WriteAsync(kind, CancellationToken.None);
            }
            catch (Exception e)
            {
                InstanceLog.BeatFailed(_logger, e);
            }

            await Task.Delay(_options.BeatInterval, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes one heartbeat: one write.</summary>
    public Task WriteAsync(string kind, CancellationToken cancellationToken) => _store.PutAsync(Describe(kind), cancellationToken);

    /// <summary>
    /// Records the shutdown. Call it when the heartbeats have ended and the jobs in flight have been released. Never throws.
    /// </summary>
    public async Task MarkStoppedAsync(string kind, string reason, CancellationToken cancellationToken)
    {
        try
        {
            var last = Describe(kind);
            await _store.PutAsync(last with { StoppedAt = last.LastHeartbeatAt, StopReason = reason }, cancellationToken);
            InstanceLog.Stopped(_logger, last.Name, reason, last.InFlightCount);
        }
        catch (Exception e)
        {
            InstanceLog.MarkStoppedFailed(_logger, e);
        }
    }

    private Instance Describe(string kind) => new()
    {
        Name = _worker.Name,
        Kind = kind,
        StartedAt = _startedAt,
        LastHeartbeatAt = _time.GetUtcNow(),
        InFlightCount = _inFlight.Count,
        InFlight = _inFlight.Longest(Instance.MaxListed),
        OpenCircuits = [.. _circuits.All.Where(circuit => circuit.State != CircuitState.Closed)],
        Waiting = OldestWaits(),
        Governor = _governor.Describe(),
        JobTypes = _types,
    };

    private IReadOnlyList<QueueWait> OldestWaits() =>
    [
        .. _waiting.Oldest()
            .Concat(_left.Oldest(_time.GetUtcNow()))
            .GroupBy(wait => wait.Queue, StringComparer.Ordinal)
            .Select(queue => new QueueWait(queue.Key, queue.Min(wait => wait.Since))),
    ];
}
