using JobPipeline.Configuration;
using JobPipeline.Instances;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http.Instances;

/// <summary>The endpoint for instances.</summary>
internal sealed class InstanceEndpoints(
    IInstanceStore store, TimeProvider time, IOptions<InstanceOptions> instances, IOptions<JobPipelineOptions> pipeline)
{
    /// <summary>The number of instances that are returned.</summary>
    internal const int MaxListed = 500;

    private readonly TimeSpan _silence = instances.Value.SilenceOf(pipeline.Value.Lease);

    /// <summary><c>GET /api/instances</c>: lists the instances on record, with one query of one partition.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return Results.Json(
            new InstanceListView(
                [
                    .. rows.Select(row => InstanceView.Of(row, StateOf(row, now)))
                        .OrderBy(view => view.State != InstanceState.Living)
                        .ThenByDescending(view => view.LastHeartbeatAt)
                        .ThenBy(view => view.Name, StringComparer.Ordinal)
                        .Take(MaxListed),
                ],
                rows.Count),
            ApiJson.Options);
    }

    private InstanceState StateOf(Instance row, DateTimeOffset now) =>
        row.StoppedAt is not null ? InstanceState.Stopped
        : row.LastHeartbeatAt + _silence > now ? InstanceState.Living
        : InstanceState.Lost;
}
