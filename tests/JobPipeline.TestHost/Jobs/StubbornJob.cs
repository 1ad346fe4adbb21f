using JobPipeline.Handlers;

namespace JobPipeline.TestHost.Jobs;

public sealed record StubbornPayload(bool BlocksItsThread = false);

/// <summary>A job that never ends and ignores its token, either asynchronously or by blocking its thread.</summary>
[Job("test.stubborn", MaxAttempts = 2)]
internal sealed class StubbornJob(StartLog starts) : IJobHandler<StubbornPayload>
{
    public Task<JobOutcome> HandleAsync(StubbornPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        starts.Add(context);
        if (payload.BlocksItsThread)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(CancellationToken.None);
        }

        return new TaskCompletionSource<JobOutcome>().Task;
    }
}
