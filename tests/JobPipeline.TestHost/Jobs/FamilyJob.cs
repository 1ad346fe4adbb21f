using System.ComponentModel.DataAnnotations;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.TestHost.Jobs;

public sealed record FamilyPayload(
    [property: Range(0, 10)] int Children, [property: StringLength(8)] string? Name = null, DateTimeOffset? Since = null);

public sealed record FamilyResult(int Children);

/// <summary>A job that enqueues children.</summary>
[Job("test.family")]
internal sealed class FamilyJob : IJobHandler<FamilyPayload, FamilyResult>
{
    public async Task<JobOutcome<FamilyResult>> HandleAsync(FamilyPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < payload.Children; i++)
            await context.EnqueueChildAsync(new JobRequest { Type = "test.work" }, cancellationToken: cancellationToken);
        return new FamilyResult(payload.Children);
    }
}
