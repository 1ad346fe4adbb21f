namespace JobPipeline.Limits.Governor;

/// <summary>
/// Measures this process: by its control group where there is one, else by its working set and the memory that the runtime found to be
/// available; and its managed heap.
/// </summary>
internal sealed class ProcessProbe : IResourceProbe
{
    private readonly CgroupProbe? _cgroup;

    /// <param name="root">The root of the file system; null on a system other than Linux.</param>
    public ProcessProbe(string? root) => _cgroup = root is null ? null : new CgroupProbe(root);

    /// <summary>The probe of this process.</summary>
    public static ProcessProbe Shared { get; } = new(OperatingSystem.IsLinux() ? "/" : null);

    public ResourceSample? Sample()
    {
        var heap = GC.GetGCMemoryInfo(GCKind.Any);
        return (_cgroup?.Sample() ?? OfTheRuntime(heap)) is { } sample
            ? sample with { HeapBytes = heap.HeapSizeBytes, HeapLimitBytes = heap.TotalAvailableMemoryBytes }
            : null;
    }

    /// <summary>
    /// The working set rather than the load of the machine, which includes other processes and is measured at collections only.
    /// </summary>
    private static ResourceSample? OfTheRuntime(GCMemoryInfo heap) =>
        heap.TotalAvailableMemoryBytes > 0 ? new ResourceSample(Environment.WorkingSet, heap.TotalAvailableMemoryBytes) : null;
}
