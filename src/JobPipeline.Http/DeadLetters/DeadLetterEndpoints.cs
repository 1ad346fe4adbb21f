using JobPipeline.Failures;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.DeadLetters;

/// <summary>Dead letters over HTTP.</summary>
public sealed class DeadLetterEndpoints
{
    private readonly IDeadLetterStore _letters;

    public DeadLetterEndpoints(IDeadLetterStore letters) => _letters = letters;

    /// <summary><c>GET /api/dead-letters/{id}</c>: why, every attempt, and the message as it came.</summary>
    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken) =>
        JobId.TryParse(id, out var job) && await _letters.ReadAsync(job, cancellationToken) is { } letter
            ? Results.Json(DeadLetterView.Of(letter), JobJson.Options)
            : Problem.DeadLetterNotFound(id);
}
