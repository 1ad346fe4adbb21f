namespace JobPipeline.Benchmarks.Measures;

/// <summary>Elapsed time and allocations of all threads, divided by the number of jobs.</summary>
internal readonly record struct JobCost(double Microseconds, double Bytes)
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
        var started = TimeProvider.System.GetTimestamp();
        await run();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        if (finish is not null)
            await finish();
        return new JobCost(elapsed.TotalMicroseconds / jobs, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)jobs);
    }

    public override string ToString() => $"{Microseconds:f1} us and {Bytes:f0} B per job";
}
