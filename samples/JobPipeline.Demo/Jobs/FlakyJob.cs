using JobPipeline.Handlers;

namespace JobPipeline.Demo.Jobs;

internal sealed record FlakyPayload(int SucceedOnAttempt);

internal sealed record FlakyResult(string Message);

/// <summary>Fails like a shaky network, until the attempt it is asked to succeed on.</summary>
[Job("demo.flaky", MaxAttempts = 5, BackoffBase = "00:00:01", BackoffCap = "00:00:02")]
internal sealed class FlakyJob : IJobHandler<FlakyPayload, FlakyResult>
{
    public Task<JobOutcome<FlakyResult>> HandleAsync(FlakyPayload payload, JobContext context, CancellationToken cancellationToken) =>
        context.Attempt < payload.SucceedOnAttempt
            ? throw new IOException("connection reset by peer")
            : Task.FromResult<JobOutcome<FlakyResult>>(new FlakyResult($"succeeded on attempt {context.Attempt}"));
}
