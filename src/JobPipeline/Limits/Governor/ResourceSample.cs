namespace JobPipeline.Limits.Governor;

/// <summary>One measurement of the resources of this process.</summary>
/// <param name="MemoryBytes">The memory in use that can't be reclaimed. The page cache is not part of it.</param>
/// <param name="LimitBytes">The memory that may be used: beyond it the process is killed.</param>
internal readonly record struct ResourceSample(long MemoryBytes, long LimitBytes)
{
    /// <summary>The size of the managed heap after the last garbage collection; 0 before the first one.</summary>
    public long HeapBytes { get; init; }

    /// <summary>
    /// The maximum size of the managed heap: in a container usually three quarters of its limit. Beyond it allocations fail. 0 if unknown.
    /// </summary>
    public long HeapLimitBytes { get; init; }

    /// <summary>The share of the last 10 seconds in which tasks waited for memory; null where the kernel does not measure it.</summary>
    public double? Pressure { get; init; }

    /// <summary>The number of scheduling periods so far in which the processor quota applied; 0 without a quota.</summary>
    public long CpuPeriods { get; init; }

    /// <summary>The number of those periods in which the quota was used up.</summary>
    public long ThrottledPeriods { get; init; }

    /// <summary>
    /// The used share, 0 to 1 or more: of the memory, or of the managed heap if that is nearer to its limit. A process whose heap is full
    /// fails to allocate although its container has memory left.
    /// </summary>
    /// <param name="reserve">The memory to leave free, in bytes.</param>
    public double UsedShare(long reserve) => Math.Max(ShareOf(MemoryBytes, LimitBytes - reserve), ShareOf(HeapBytes, HeapLimitBytes));

    private static double ShareOf(long used, long limit) => limit > 0 ? (double)used / limit : 0;
}
