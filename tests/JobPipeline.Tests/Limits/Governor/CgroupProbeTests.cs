using JobPipeline.Limits.Governor;

namespace JobPipeline.Tests.Limits.Governor;

/// <summary>What the probe reads from the files of the kernel.</summary>
public sealed class CgroupProbeTests : IDisposable
{
    private const long Limit = 512L << 20;

    private const string Version1Mounts =
        """
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    private const string Version2Mounts = "31 23 0:28 / /sys/fs/cgroup ro,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    private readonly FileTree _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Sample_OfVersion1WithAFullPageCache_DoesNotEase()
    {
        // The group had read 1 GB of files: memory.usage_in_bytes was 99.9 % of the limit.
        Version1("/jobs").WithRecorded("sys/fs/cgroup/memory/jobs/memory.stat", "v1-page-cache.stat")
            .With("sys/fs/cgroup/memory/jobs/memory.usage_in_bytes", "536604672")
            .With("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", $"{Limit}");

        var sample = Sample();

        Assert.Equal((126_873_600, Limit), (sample.MemoryBytes, sample.LimitBytes));
        Assert.Equal(ResourceLoad.Low, LoadOf(sample));
    }

    [Fact]
    public void Sample_OfVersion2WithAFullPageCache_DoesNotEase()
    {
        Version2("/").WithRecorded("sys/fs/cgroup/memory.stat", "v2-page-cache.stat")
            .With("sys/fs/cgroup/memory.current", "536870912")
            .With("sys/fs/cgroup/memory.max", $"{Limit}\n");

        var sample = Sample();

        // Anonymous memory, and the kernel's without what it can reclaim.
        Assert.Equal((126_914_560 + 7_929_856 - 5_136_384, Limit), (sample.MemoryBytes, sample.LimitBytes));
        Assert.Equal(ResourceLoad.Low, LoadOf(sample));
    }

    [Theory]
    [InlineData("anon 500\nshmem 30\n", 530)]
    [InlineData("anon 500\nshmem 30\nunevictable 100\n", 530)]
    [InlineData("anon 500\nshmem 30\nunevictable 900\n", 900)]
    [InlineData("anon 500\nkernel 70\nslab_reclaimable 60\nsock 5\n", 515)]
    [InlineData("anon 500\nkernel_stack 1\npagetables 2\npercpu 3\nslab_unreclaimable 4\nslab_reclaimable 1000\n", 510)]
    [InlineData("anon 500\nkernel 10\nslab_reclaimable 60\n", 500)]
    [InlineData("file 1\nanon 500\nodd\n\nanon_thp x\nshmem -5\n", 500)]
    public void Sample_OfVersion2_CountsWhatCannotBeReclaimed(string stat, long expected)
    {
        Version2("/").With("sys/fs/cgroup/memory.stat", stat).With("sys/fs/cgroup/memory.max", "1000");
        Assert.Equal(expected, Sample().MemoryBytes);
    }

    [Theory]
    [InlineData("rss 300\nshmem 20\ntotal_rss 500\ntotal_shmem 40\ntotal_cache 900\n", 540)]
    [InlineData("cache 900\nrss 300\nshmem 20\n", 320)]
    public void Sample_OfVersion1_CountsGroupsBelowIfTheKernelAddsThemUp(string stat, long expected)
    {
        Version1("/").With("sys/fs/cgroup/memory/memory.stat", stat).With("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000");
        Assert.Equal(expected, Sample().MemoryBytes);
    }

    [Fact]
    public void Sample_OfNestedGroups_IsOfTheOneNearestToItsLimit()
    {
        Version2("/pod/app/worker")
            .With("sys/fs/cgroup/pod/app/worker/memory.stat", "anon 100").With("sys/fs/cgroup/pod/app/worker/memory.max", "max")
            .With("sys/fs/cgroup/pod/app/memory.stat", "anon 100").With("sys/fs/cgroup/pod/app/memory.max", "1000")
            .With("sys/fs/cgroup/pod/memory.stat", "anon 900").With("sys/fs/cgroup/pod/memory.max", "1200")
            .With("sys/fs/cgroup/memory.stat", "anon 999999");

        Assert.Equal(new ResourceSample(900, 1200), Sample());
    }

    [Theory]
    [InlineData("max", "max", 8192)]
    [InlineData("4000", "max", 4000)]
    [InlineData("4000", "3000", 3000)]
    [InlineData("1000000000", "max", 8192)]
    [InlineData("0", "", 8192)]
    [InlineData("many", "18446744073709551615", 8192)]
    public void Sample_WithAnyLimit_IsCappedByThePhysicalMemory(string max, string high, long expected)
    {
        Version2("/").With("sys/fs/cgroup/memory.stat", "anon 500")
            .With("sys/fs/cgroup/memory.max", max).With("sys/fs/cgroup/memory.high", high)
            .With("proc/meminfo", "MemTotal:       8 kB\nMemFree: 1 kB\n");

        Assert.Equal(expected, Sample().LimitBytes);
    }

    [Fact]
    public void Sample_OfAVersion1GroupWithoutALimit_IsCappedByThePhysicalMemory()
    {
        Version1("/").With("sys/fs/cgroup/memory/memory.stat", "total_rss 500\nhierarchical_memory_limit 9223372036854771712")
            .With("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712").With("proc/meminfo", "MemTotal: 8 kB");
        Assert.Equal(8192, Sample().LimitBytes);
    }

    [Theory]
    [InlineData("/docker/1f2e", "/docker/1f2e")]
    [InlineData("/docker/1f2e", "/elsewhere")]
    [InlineData("/", "/../../system.slice")]
    public void Sample_InAContainer_FindsTheMountedGroup(string mounted, string own)
    {
        // Inside a container the group is mounted at the top, whatever its path is outside.
        _files.With("proc/self/cgroup", $"0::{own}\n")
            .With("proc/self/mountinfo", $"31 23 0:28 {mounted} /sys/fs/cgroup ro - cgroup2 cgroup rw\n")
            .With("sys/fs/cgroup/memory.stat", "anon 500").With("sys/fs/cgroup/memory.max", "1000");

        Assert.Equal(new ResourceSample(500, 1000), Sample());
    }

    [Fact]
    public void Sample_WithPressureAndAQuota_HasBoth()
    {
        Version2("/a").With("sys/fs/cgroup/a/memory.stat", "anon 500").With("sys/fs/cgroup/a/memory.max", "1000")
            .With("sys/fs/cgroup/a/memory.pressure", "some avg10=12.50 avg60=1.00 avg300=0.00 total=1\nfull avg10=1.00 avg60=0 total=1\n")
            .With("sys/fs/cgroup/a/cpu.stat", "usage_usec 5\nnr_periods 0\n")
            .With("sys/fs/cgroup/cpu.stat", "usage_usec 9\nnr_periods 40\nnr_throttled 30\n");

        var sample = Sample();

        Assert.Equal((0.125, 40, 30), (sample.Pressure, sample.CpuPeriods, sample.ThrottledPeriods));
    }

    [Fact]
    public void Sample_OfVersion1WithAQuota_HasIt()
    {
        Version1("/a").With("sys/fs/cgroup/memory/a/memory.stat", "rss 500").With("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1000")
            .With("sys/fs/cgroup/cpu,cpuacct/a/cpu.stat", "nr_periods 40\nnr_throttled 30\nthrottled_time 5\n");
        Assert.Equal((40, 30), (Sample().CpuPeriods, Sample().ThrottledPeriods));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("0::/\n", null)]
    [InlineData("0::/\n", "")]
    [InlineData("0::/\n", "file 17\n")]
    [InlineData("4:memory:/a\n", "anon 5")]
    [InlineData("\0\u0001garbage:::\n:::\n-1\n", "anon 5")]
    public void Sample_WithoutUsableFiles_IsNullAndTheProcessIsMeasuredInstead(string? groups, string? stat)
    {
        if (groups is not null)
            _files.With("proc/self/cgroup", groups).With("proc/self/mountinfo", "a - b\nnothing\n");
        if (stat is not null)
            _files.With("sys/fs/cgroup/memory.stat", stat);

        Assert.Null(new CgroupProbe(_files.Root).Sample());
        var sample = new ProcessProbe(_files.Root).Sample();
        Assert.True(sample is { MemoryBytes: > 0, LimitBytes: > 0 }, $"{sample}");
    }

    [Fact]
    public void Sample_OfThisProcess_IsPlausible()
    {
        var sample = ProcessProbe.Shared.Sample();
        Assert.True(sample is { MemoryBytes: > 1 << 20, LimitBytes: > 16 << 20, HeapLimitBytes: > 0 }, $"{sample}");
    }

    private FileTree Version1(string group) =>
        _files.With("proc/self/cgroup", $"4:memory:{group}\n1:cpu,cpuacct:{group}\n0::/\n").With("proc/self/mountinfo", Version1Mounts);

    private FileTree Version2(string group) =>
        _files.With("proc/self/cgroup", $"0::{group}\n").With("proc/self/mountinfo", Version2Mounts);

    private ResourceSample Sample()
    {
        var sample = new CgroupProbe(_files.Root).Sample();
        Assert.NotNull(sample);
        return sample.Value;
    }

    private static ResourceLoad LoadOf(ResourceSample sample) =>
        GovernorDecision.LoadOf(new GovernorState { Since = DateTimeOffset.UnixEpoch }, sample, new GovernorOptions());
}
