using JobPipeline.Http.Limits;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance.Queues;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Queues;

/// <summary>The endpoints for queues.</summary>
internal sealed class QueueEndpoints
{
    private readonly QueueInspector _inspector;
    private readonly PauseRegistry _pauses;
    private readonly PauseRequests _requests;
    private readonly TimeProvider _time;

    public QueueEndpoints(QueueInspector inspector, PauseRegistry pauses, TimeProvider time) =>
        (_inspector, _pauses, _requests, _time) = (inspector, pauses, new PauseRequests(pauses), time);

    /// <summary>
    /// <c>GET /api/queues</c>: lists the priority queues with their depth, the age of the oldest due job, and whether they are
    /// paused.
    /// </summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var queues = await _inspector.InspectAsync(cancellationToken);
        await _pauses.RefreshAsync(cancellationToken);
        var now = _time.GetUtcNow();
        return Results.Json(
            new QueueListView([.. queues.Select(
                queueName => QueueView.Of(queueName, PauseView.Of(_pauses.Find(PauseTarget.Queue, queueName.Queue)), now))]),
            ApiJson.Options);
    }

    /// <summary>
    /// <c>POST /api/queues/{name}/pause</c>, optional body <c>{ "reason": "..." }</c>. No instance starts jobs of the queue until
    /// it is resumed; other instances notice within seconds. Running jobs continue.
    /// </summary>
    public Task<IResult> PauseAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        PriorityQueues.Exists(name) ? _requests.PauseAsync(request, PauseTarget.Queue, name, cancellationToken)
            : Task.FromResult(Unknown(name));

    /// <summary><c>POST /api/queues/{name}/resume</c>: resumes the queue. Has no effect if the queue is not paused.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        PriorityQueues.Exists(name) ? _requests.ResumeAsync(request, PauseTarget.Queue, name, cancellationToken)
            : Task.FromResult(Unknown(name));

    private static IResult Unknown(string name) =>
        Problem.QueueNotFound($"Queue '{name}' does not exist. The queues are {string.Join(", ", PriorityQueues.All)}.");
}
