namespace JobPipeline.Benchmarks.Measures;

/// <summary>Wall time and allocations of all threads, divided by the number of jobs.</summary>
internal readonly record struct JobCost(double Microseconds, double Bytes)
{
    /// <param name="jobs">How many are run.</param>
    /// <param name="run">Runs them.</param>
    /// <param name="finish">Comes after them: its allocations count, its time does not.</param>
    public static async Task<JobCost> OfAsync(int jobs, Func<Task> run, Func<Task>? finish = null)
    {
        // What came before must not be collected on this run's time.
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

    public override string ToString() => $"{Microseconds:f1} us and {Bytes:f0} B a job";
}
