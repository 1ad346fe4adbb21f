using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Maintenance.Heartbeats;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Limits;

/// <summary>The endpoints for circuits.</summary>
internal sealed class CircuitEndpoints
{
    private readonly JobRegistry _types;
    private readonly InstanceCircuits _circuits;

    public CircuitEndpoints(JobRegistry types, InstanceCircuits circuits) => (_types, _circuits) = (types, circuits);

    /// <summary><c>GET /api/circuits</c>: lists every circuit that a job type uses, with the instances on which it is not closed.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var names = _types.All.Where(type => type.Circuit is not null)
            .ToLookup(type => type.Circuit!, type => type.Type, StringComparer.Ordinal);
        var open = (await _circuits.ListAsync(cancellationToken)).ToLookup(entry => entry.Circuit.Name, StringComparer.Ordinal);
        var all = names.Select(group => group.Key)
            .Union(open.Select(group => group.Key), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return Results.Json(
            new CircuitListView([.. all.Select(name => new CircuitView(
                name,
                Worst(open[name].Select(entry => entry.Circuit.State)),
                [.. names[name]],
                [.. open[name].Select(entry => ViewOf(entry.Instance, entry.Circuit))]))]),
            ApiJson.Options);
    }

    private static CircuitInstanceView ViewOf(string instance, CircuitStatus circuit) =>
        new(instance, circuit.State, circuit.Since, circuit.OpenUntil);

    private static CircuitState Worst(IEnumerable<CircuitState> states) =>
        states.Aggregate(CircuitState.Closed, (worst, state) => state == CircuitState.Open || worst == CircuitState.Closed ? state : worst);
}
