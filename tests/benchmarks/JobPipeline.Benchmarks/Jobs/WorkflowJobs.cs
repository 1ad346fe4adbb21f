using JobPipeline.Handlers;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>How many items.</summary>
public sealed record ListPayload(int Count);

/// <summary>Makes the list of a fan-out.</summary>
[Job(Type)]
internal sealed class ListJob : IJobHandler<ListPayload, int[]>
{
    public const string Type = "bench.list";

    public Task<JobOutcome<int[]>> HandleAsync(ListPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<int[]>>(Enumerable.Range(0, payload.Count).ToArray());
}

/// <summary>What a step is given.</summary>
public sealed record StepPayload(int Number);

/// <summary>Answers with the next number.</summary>
[Job(Type)]
internal sealed class StepJob : IJobHandler<StepPayload, int>
{
    public const string Type = "bench.step";

    public Task<JobOutcome<int>> HandleAsync(StepPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<JobOutcome<int>>(payload.Number + 1);
}
