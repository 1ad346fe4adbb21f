using JobPipeline.Benchmarks.Contest;
using JobPipeline.Handlers;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>Returns the next number and is counted.</summary>
[Job(Type)]
internal sealed class WorkJob(HandledWork handled) : IJobHandler<StepPayload, int>
{
    public const string Type = "bench.work";

    public Task<JobOutcome<int>> HandleAsync(StepPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        handled.Add();
        return Task.FromResult<JobOutcome<int>>(payload.Number + 1);
    }
}

/// <summary>The same, for a job type that is declared to be quick.</summary>
[Job(Type, ExpectedDuration = "00:00:00.010")]
internal sealed class QuickWorkJob(HandledWork handled) : IJobHandler<StepPayload, int>
{
    public const string Type = "bench.quick-work";

    public Task<JobOutcome<int>> HandleAsync(StepPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        handled.Add();
        return Task.FromResult<JobOutcome<int>>(payload.Number + 1);
    }
}

/// <summary>The step after an event: stops the clock.</summary>
[Job(Type)]
internal sealed class ClockedJob(HandledWork handled, StartClock clock) : IJobHandler<StepPayload, int>
{
    public const string Type = "bench.clocked";

    public Task<JobOutcome<int>> HandleAsync(StepPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        clock.Stop();
        handled.Add();
        return Task.FromResult<JobOutcome<int>>(payload.Number + 1);
    }
}
