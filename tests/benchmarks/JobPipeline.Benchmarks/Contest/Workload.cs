namespace JobPipeline.Benchmarks.Contest;

/// <summary>What one side runs in one lap.</summary>
/// <param name="Name">The name for the console.</param>
/// <param name="Side">The side that runs it.</param>
/// <param name="Steps">The number of handlers that run.</param>
/// <param name="StartAsync">Starts it and returns the ids to wait for.</param>
internal sealed record Workload(
    string Name, IContestant Side, int Steps, Func<CancellationToken, Task<IReadOnlyList<string>>> StartAsync)
{
    private const int Concurrency = 32;

    public static Workload Chain(IContestant side, int steps) =>
        new($"{side.Name}, chain of {steps}", side, steps, async token => [await side.StartChainAsync(steps, token)]);

    public static Workload Chains(IContestant side, int count, int steps) => new(
        $"{side.Name}, {count} chains of {steps}", side, count * steps,
        token => ManyAsync(count, _ => side.StartChainAsync(steps, token), token));

    public static Workload FanOut(IContestant side, int items) =>
        new($"{side.Name}, fan-out of {items}", side, items, async token => [await side.StartFanOutAsync(items, token)]);

    /// <summary>A fan-out by another of our definitions.</summary>
    public static Workload FanOut(PipelineSide side, string workflow, int items) =>
        new($"{side.Name}, {workflow} of {items}", side, items, async token => [await side.StartFanOutAsync(workflow, items, token)]);

    /// <summary>The same jobs without a workflow, enqueued by one call.</summary>
    public static Workload Bulk(PipelineSide side, int jobs) =>
        new($"{side.Name}, bulk of {jobs}", side, jobs, async token => [await side.StartBulkAsync(jobs, token)]);

    public static Workload Singles(IContestant side, int count) => new(
        $"{side.Name}, {count} singles", side, count, token => ManyAsync(count, number => side.StartSingleAsync(number, token), token));

    private static async Task<IReadOnlyList<string>> ManyAsync(
        int count, Func<int, Task<string>> startAsync, CancellationToken cancellationToken)
    {
        var ids = new string[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (number, _) => ids[number] = await startAsync(number));
        return ids;
    }
}
