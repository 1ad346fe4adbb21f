using JobPipeline.Handlers;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>The number of items.</summary>
public sealed record ListPayload(int Count);

/// <summary>Creates the list of a fan-out.</summary>
[Job(Type)]
internal sealed class ListJob : IJobHandler<ListPayload, int[]>
{
    public const string Type = "bench.list";

    public Task<JobOutcome<int[]>> HandleAsync(ListPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<int[]>>(Enumerable.Range(0, payload.Count).ToArray());
}

/// <summary>The payload of a step.</summary>
public sealed record StepPayload(int Number);

/// <summary>Returns the next number.</summary>
[Job(Type)]
internal sealed class StepJob : IJobHandler<StepPayload, int>
{
    public const string Type = "bench.step";

    public Task<JobOutcome<int>> HandleAsync(StepPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<int>>(payload.Number + 1);
}
