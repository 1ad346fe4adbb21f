namespace JobPipeline.Benchmarks.Contest;

/// <summary>Runs workloads in turn, so that other load on the machine affects all of them.</summary>
internal static class Race
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(20);

    /// <summary>Runs each workload once in each round. Returns the laps of each, in their order.</summary>
    public static async Task<Laps[]> RunAsync(IReadOnlyList<Workload> workloads, int rounds, CancellationToken cancellationToken)
    {
        var laps = workloads.Select(_ => new List<Lap>()).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            for (var i = 0; i < workloads.Count; i++)
            {
                laps[i].Add(await LapAsync(workloads[i], cancellationToken));
                Console.WriteLine($"   round {round}, {workloads[i].Name}: {laps[i][^1]}");
            }
        }

        return [.. laps.Select(rounds => new Laps(rounds))];
    }

    /// <summary>Runs each workload once and ignores the result: cold code is slow.</summary>
    public static async Task WarmUpAsync(IReadOnlyList<Workload> workloads, CancellationToken cancellationToken)
    {
        foreach (var workload in workloads)
            await LapAsync(workload, cancellationToken);
    }

    private static async Task<Lap> LapAsync(Workload workload, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Hang, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var side = workload.Side;
        side.Operations.Reset();
        var before = side.Handled.Count;
        var handled = side.Handled.WhenMoreAsync(workload.Steps);
        var started = TimeProvider.System.GetTimestamp();
        var ids = await workload.StartAsync(either.Token);
        while (await Task.WhenAny(handled, Task.Delay(Progress, TimeProvider.System, either.Token)) != handled)
        {
            either.Token.ThrowIfCancellationRequested();
            Console.WriteLine($"   {workload.Name}: {side.Handled.Count - before} of {workload.Steps}");
        }

        await Parallel.ForEachAsync(ids, either.Token, async (id, token) =>
        {
            while (!await side.HasCompletedAsync(id, token))
                await Task.Delay(Glance, TimeProvider.System, token);
        });
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var queue = side.Operations.All.Where(entry => IsOnQueue(entry.Key)).Sum(entry => entry.Value);
        return new Lap(workload.Steps, elapsed.TotalSeconds, queue, side.Operations.All.Sum(entry => entry.Value) - queue);
    }

    private static bool IsOnQueue(string operation) =>
        operation.EndsWith(" message", StringComparison.Ordinal) || operation.EndsWith(" messages", StringComparison.Ordinal);
}
