using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Http.Requests;
using JobPipeline.Limits.Pauses;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Limits;

/// <summary>The body of a request to pause a queue or job type.</summary>
/// <param name="Reason">The reason, shown with the pause; at most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PauseBody(
    [property: StringLength(Pause.MaxReasonLength, ErrorMessage = "must have at most 500 characters")] string? Reason);

/// <summary>Shared parts of pausing a queue and pausing a job type.</summary>
internal sealed class PauseRequests(PauseRegistry pauses)
{
    private const int MaxBodyBytes = 16 * 1024;

    public async Task<IResult> PauseAsync(HttpRequest request, PauseTarget target, string name, CancellationToken cancellationToken)
    {
        var (body, refusal) = await JsonBody.ReadAsync<PauseBody>(request, MaxBodyBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var reason = body!.Reason;
        var pause = await pauses.PauseAsync(
            target, name, Caller.Of(request), string.IsNullOrWhiteSpace(reason) ? null : reason, cancellationToken);
        return Results.Json(new PausedView(name, PauseView.Of(pause)), ApiJson.Options);
    }

    public async Task<IResult> ResumeAsync(HttpRequest request, PauseTarget target, string name, CancellationToken cancellationToken)
    {
        await pauses.ResumeAsync(target, name, Caller.Of(request), cancellationToken);
        return Results.Json(new PausedView(name, null), ApiJson.Options);
    }
}
