using JobPipeline.Handlers;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>What the handlers get: a small payload, as most jobs have.</summary>
public sealed record OrderPayload(string Order, int Lines);

/// <summary>Succeeds at once; what is measured is all around it.</summary>
[Job(Type)]
internal sealed class SingleJob : IJobHandler<OrderPayload>
{
    public const string Type = "bench.single";

    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Success());
}

/// <summary>The same, of a type that may travel packed.</summary>
[Job(Type, ExpectedDuration = "00:00:00.010")]
internal sealed class PackedJob : IJobHandler<OrderPayload>
{
    public const string Type = "bench.packed";

    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Success());
}

/// <summary>Tells when it started.</summary>
[Job(Type)]
internal sealed class StartJob(StartClock clock) : IJobHandler<OrderPayload>
{
    public const string Type = "bench.start";

    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        clock.Stop();
        return Task.FromResult(JobOutcome.Success());
    }
}
