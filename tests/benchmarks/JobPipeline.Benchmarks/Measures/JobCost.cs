using JobPipeline.Benchmarks.Report;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>The cost of a job: totals of all threads, divided by the number of jobs.</summary>
/// <param name="Microseconds">The elapsed time.</param>
/// <param name="Processor">The processor time in microseconds, which varies less with the load of the machine.</param>
/// <param name="Bytes">The allocations.</param>
internal readonly record struct JobCost(double Microseconds, double Processor, double Bytes)
{
    /// <param name="jobs">The number of jobs.</param>
    /// <param name="run">Runs the jobs.</param>
    /// <param name="finish">Work that follows: its allocations count, its time does not.</param>
    public static async Task<JobCost> OfAsync(int jobs, Func<Task> run, Func<Task>? finish = null)
    {
        // Earlier garbage must not be collected during this run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = TimeProvider.System.GetTimestamp();
        await run();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        processor = Environment.CpuUsage.TotalTime - processor;
        if (finish is not null)
            await finish();
        return new JobCost(
            elapsed.TotalMicroseconds / jobs,
            processor.TotalMicroseconds / jobs,
            (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)jobs);
    }

    public static JobCost MedianOf(IReadOnlyCollection<JobCost> costs) => new(
        costs.Select(cost => cost.Microseconds).Median(),
        costs.Select(cost => cost.Processor).Median(),
        costs.Select(cost => cost.Bytes).Median());

    public override string ToString() => $"{Microseconds:f1} us ({Processor:f1} us processor time) and {Bytes:f0} B per job";
}
