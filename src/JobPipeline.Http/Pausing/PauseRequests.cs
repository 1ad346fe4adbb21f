using System.Text.Json;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Pausing;

/// <summary>The body of a request to pause.</summary>
/// <param name="Reason">Why, for whoever asks why nothing runs; at most 500 characters.</param>
public sealed record PauseBody(string? Reason);

/// <summary>What pausing a queue and pausing a job type have in common.</summary>
internal sealed class PauseRequests(Pauses pauses)
{
    private const int MaxBodyBytes = 16 * 1024;

    public async Task<IResult> PauseAsync(HttpRequest request, PauseTarget target, string name, CancellationToken cancellationToken)
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return Problem.UnsupportedMediaType();
        if (await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
            return Problem.PayloadTooLarge(MaxBodyBytes);
        string? reason;
        try
        {
            reason = body.IsEmpty ? null : JsonSerializer.Deserialize<PauseBody>(body.Span, JobJson.Options)?.Reason;
        }
        catch (JsonException e)
        {
            return Problem.InvalidRequest($"The body must be like {{ \"reason\": \"...\" }}: {e.Message}");
        }

        if (reason is { Length: > Pause.MaxReasonLength })
            return Problem.InvalidRequest($"'reason' has {reason.Length} characters; at most {Pause.MaxReasonLength} are taken.");
        var pause = await pauses.PauseAsync(target, name, Caller.Of(request), string.IsNullOrWhiteSpace(reason) ? null : reason, cancellationToken);
        return Results.Json(new PausedView(name, PauseView.Of(pause)), JobJson.Options);
    }

    public async Task<IResult> ResumeAsync(HttpRequest request, PauseTarget target, string name, CancellationToken cancellationToken)
    {
        await pauses.ResumeAsync(target, name, Caller.Of(request), cancellationToken);
        return Results.Json(new PausedView(name, null), JobJson.Options);
    }
}
