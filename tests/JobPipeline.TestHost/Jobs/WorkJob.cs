using JobPipeline.Handlers;

namespace JobPipeline.TestHost.Jobs;

public sealed record WorkPayload(int Milliseconds = 0, int SucceedOnAttempt = 1, bool FailForGood = false);

/// <summary>A job that takes a given time and fails before the attempt on which it is to succeed.</summary>
[Job("test.work", MaxAttempts = 3, BackoffBase = "00:00:00.100", BackoffCap = "00:00:00.500", ExpectedDuration = "00:00:00.500")]
internal sealed class WorkJob(StartLog starts, TimeProvider time) : IJobHandler<WorkPayload>
{
    public async Task<JobOutcome> HandleAsync(WorkPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        starts.Add(context);
        await Task.Delay(TimeSpan.FromMilliseconds(payload.Milliseconds), time, cancellationToken);
        if (payload.FailForGood)
            throw new JobRejectedException("failed as requested");
        return context.Attempt >= payload.SucceedOnAttempt ? JobOutcome.Success() : throw new IOException("failed as requested");
    }
}
