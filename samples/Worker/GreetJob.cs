using System.ComponentModel.DataAnnotations;
using JobPipeline.Handlers;

namespace JobPipeline.Samples.Worker;

/// <summary>The payload. A message that does not fit becomes a dead letter before the handler runs.</summary>
/// <param name="Name">Whom to greet.</param>
public sealed record GreetPayload([property: Required] string Name);

/// <summary>Greets someone. Its result is stored and shown by <c>GET /api/jobs/{id}</c>.</summary>
[Job("greet", MaxAttempts = 3)]
public sealed class GreetJob : IJobHandler<GreetPayload, string>
{
    public Task<JobOutcome<string>> HandleAsync(GreetPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<string>>($"Hello, {payload.Name}!");
}
