using JobPipeline.Handlers;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>The payload of the handlers: small, like that of most jobs.</summary>
public sealed record OrderPayload(string Order, int Lines);

/// <summary>Succeeds immediately, so that only the pipeline is measured.</summary>
[Job(Type)]
internal sealed class SingleJob : IJobHandler<OrderPayload>
{
    public const string Type = "bench.single";

    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}

/// <summary>The same, for a job type that allows packing.</summary>
[Job(Type, ExpectedDuration = "00:00:00.010")]
internal sealed class PackedJob : IJobHandler<OrderPayload>
{
    public const string Type = "bench.packed";

    public Task<JobOutcome> HandleAsync(OrderPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}

/// <summary>Reports when it started.</summary>
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
