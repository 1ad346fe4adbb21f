using JobPipeline.Jobs;

namespace JobPipeline.Limits.Governor;

/// <summary>
/// Whether a job that declares its memory may start beside those that run. The first that fits starts; but one that has waited for long is
/// not overtaken any more, so that a large job is not kept waiting by small ones for ever.
/// </summary>
internal abstract record MemoryDecision
{
    /// <summary>The wait after which no other job that declares memory starts first.</summary>
    public static readonly TimeSpan OvertakenFor = TimeSpan.FromSeconds(60);

    private MemoryDecision()
    {
    }

    /// <summary>It may start.</summary>
    public sealed record Start : MemoryDecision;

    /// <summary>What is running leaves too little.</summary>
    public sealed record DoesNotFit : MemoryDecision;

    /// <summary>Another job has waited for long, and for longer.</summary>
    /// <param name="Other">That job.</param>
    public sealed record IsBehind(JobId Other) : MemoryDecision;

    /// <param name="job">The job.</param>
    /// <param name="bytes">The memory that it declares.</param>
    /// <param name="use">What the running jobs declare.</param>
    /// <param name="budget">The memory that all jobs may declare together. A job that exceeds it runs when no other does.</param>
    /// <param name="waiting">The jobs that wait, perhaps this one among them.</param>
    /// <param name="now">The time.</param>
    public static MemoryDecision For(
        JobId job, long bytes, MemoryUse use, long budget, IReadOnlyDictionary<JobId, MemoryWait> waiting, DateTimeOffset now)
    {
        var since = waiting.TryGetValue(job, out var own) ? own.Since : now;
        JobId? first = null;
        var earliest = since;
        foreach (var (other, wait) in waiting)
        {
            if (other == job || wait.Since >= earliest || now - wait.Since < OvertakenFor)
                continue;
            (first, earliest) = (other, wait.Since);
        }

        if (first is { } ahead)
            return new IsBehind(ahead);
        return use.Jobs == 0 || bytes <= budget - use.Bytes ? new Start() : new DoesNotFit();
    }
}

/// <summary>What the running jobs declare.</summary>
/// <param name="Jobs">The number of jobs that declare memory.</param>
/// <param name="Bytes">The memory that they declare together.</param>
internal readonly record struct MemoryUse(int Jobs, long Bytes);

/// <summary>A job that waits for memory.</summary>
/// <param name="Since">When it was first not started.</param>
/// <param name="BackAt">When its message becomes visible again.</param>
/// <param name="Why">What it waits for, for people.</param>
internal sealed record MemoryWait(DateTimeOffset Since, DateTimeOffset BackAt, string Why);
