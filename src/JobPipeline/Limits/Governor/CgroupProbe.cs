namespace JobPipeline.Limits.Governor;

/// <summary>
/// Measures the control group of a Linux process. Memory that the kernel can take back is not counted: the page cache would make a job
/// that reads a large file look like one that needs much memory (https://docs.kernel.org/admin-guide/cgroup-v2.html).
/// </summary>
/// <param name="root">The root of the file system.</param>
internal sealed class CgroupProbe(string root) : IResourceProbe
{
    private readonly CgroupPaths _paths = CgroupPaths.Find(root);
    private readonly long _physical = PhysicalBytes(root);

    /// <summary>
    /// The sample of the group that is nearest to its limit, the own one or one above it. Limits are read each time, because a platform
    /// may change them.
    /// </summary>
    public ResourceSample? Sample()
    {
        ResourceSample? nearest = null;
        for (var i = 0; i < _paths.Memory.Count; i++)
        {
            var stat = CgroupFiles.Numbers(Path.Join(_paths.Memory[i], "memory.stat"));
            var limit = Math.Min(LimitOf(_paths.Memory[i], stat), _physical);
            // A group above without a limit of its own holds other processes too, and is no reason.
            if (limit == long.MaxValue || (i > 0 && limit == _physical) || UsedBy(stat) is not { } used)
                continue;
            var sample = new ResourceSample(used, limit);
            if (nearest is not { } other || sample.UsedShare(0) > other.UsedShare(0))
                nearest = sample;
        }

        return nearest is { } found ? WithCpu(found with { Pressure = PressureOf() }) : null;
    }

    private static long PhysicalBytes(string root) =>
        CgroupFiles.Numbers(Path.Join(root, "proc/meminfo")) is { } memory && memory.TryGetValue("MemTotal", out var kilobytes)
            && kilobytes is > 0 and < long.MaxValue / 1024
            ? kilobytes * 1024
            : long.MaxValue;

    /// <summary>The limit of a group; <see cref="long.MaxValue"/> if it has none. Above <c>memory.high</c> processes are stalled.</summary>
    private long LimitOf(string directory, IReadOnlyDictionary<string, long>? stat) => _paths.IsVersion2
        ? Math.Min(NumberIn(directory, "memory.max"), NumberIn(directory, "memory.high"))
        : Math.Min(
            NumberIn(directory, "memory.limit_in_bytes"),
            stat?.GetValueOrDefault("hierarchical_memory_limit") is { } limit and > 0 ? limit : long.MaxValue);

    private static long NumberIn(string directory, string name) => CgroupFiles.Limit(Path.Join(directory, name)) ?? long.MaxValue;

    /// <summary>
    /// The memory that can't be reclaimed: anonymous and shared memory, or locked memory if that is more, because it overlaps with both;
    /// and what the kernel holds for the group, except for caches. Null if the file does not say.
    /// </summary>
    private long? UsedBy(IReadOnlyDictionary<string, long>? stat)
    {
        if (stat is null)
            return null;
        return _paths.IsVersion2
            ? Sum(stat, "anon", "shmem", "unevictable") + KernelOf(stat)
            // With the groups below, if the kernel adds them up. It has no figures for the kernel's own memory.
            : Sum(stat, "total_rss", "total_shmem", "total_unevictable") ?? Sum(stat, "rss", "shmem", "unevictable");
    }

    private static long? Sum(IReadOnlyDictionary<string, long> stat, string anonymous, string shared, string locked) =>
        stat.TryGetValue(anonymous, out var bytes)
            ? Math.Max(bytes + stat.GetValueOrDefault(shared), stat.GetValueOrDefault(locked))
            : null;

    /// <summary>Before Linux 5.18 there is no total.</summary>
    private static long KernelOf(IReadOnlyDictionary<string, long> stat)
    {
        var kernel = stat.TryGetValue("kernel", out var total)
            ? Math.Max(0, total - stat.GetValueOrDefault("slab_reclaimable"))
            : stat.GetValueOrDefault("kernel_stack") + stat.GetValueOrDefault("pagetables") + stat.GetValueOrDefault("percpu")
                + stat.GetValueOrDefault("slab_unreclaimable");
        return kernel + stat.GetValueOrDefault("sock");
    }

    /// <summary>Only version 2 measures it for a group; that of the machine says nothing about this process.</summary>
    private double? PressureOf() => _paths.IsVersion2 ? CgroupFiles.Pressure(Path.Join(_paths.Memory[0], "memory.pressure")) : null;

    /// <summary>The quota may belong to a group above.</summary>
    private ResourceSample WithCpu(ResourceSample sample)
    {
        foreach (var directory in _paths.Cpu)
        {
            var stat = CgroupFiles.Numbers(Path.Join(directory, "cpu.stat"));
            if (stat?.GetValueOrDefault("nr_periods") is { } periods and > 0)
                return sample with { CpuPeriods = periods, ThrottledPeriods = stat.GetValueOrDefault("nr_throttled") };
        }

        return sample;
    }
}
