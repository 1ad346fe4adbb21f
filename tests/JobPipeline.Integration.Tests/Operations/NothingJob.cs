using JobPipeline.Handlers;

namespace JobPipeline.Integration.Tests.Operations;

public sealed record NothingPayload(string? After = null);

/// <summary>A job that succeeds at once; one of the two types may be packed.</summary>
[Job("nothing")]
internal sealed class NothingJob : IJobHandler<NothingPayload>
{
    public Task<JobOutcome> HandleAsync(NothingPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}

[Job("nothing.quick", ExpectedDuration = "00:00:00.010")]
internal sealed class QuickNothingJob : IJobHandler<NothingPayload>
{
    public Task<JobOutcome> HandleAsync(NothingPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}
