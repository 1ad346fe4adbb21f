namespace JobPipeline.Limits.Governor;

/// <summary>
/// The directories of the control groups of this process, its own first and those above it after that, as far as they are visible: inside
/// a container that is usually one. Both versions of control groups are found, also where a machine has both.
/// </summary>
/// <param name="IsVersion2">Whether memory is controlled by the unified hierarchy.</param>
/// <param name="Memory">The directories with the memory files; empty if there are none.</param>
/// <param name="Cpu">The directories with the processor files; empty if there are none.</param>
internal sealed record CgroupPaths(bool IsVersion2, IReadOnlyList<string> Memory, IReadOnlyList<string> Cpu)
{
    private const string DefaultMount = "/sys/fs/cgroup";

    /// <summary>The number of groups that are looked at, from the own one upwards.</summary>
    private const int MaxDepth = 32;

    /// <summary>Finds the directories.</summary>
    /// <param name="root">The root of the file system; tests have their own.</param>
    public static CgroupPaths Find(string root)
    {
        var groups = CgroupFiles.Lines(Path.Join(root, "proc/self/cgroup")) ?? [];
        var mounts = (CgroupFiles.Lines(Path.Join(root, "proc/self/mountinfo")) ?? []).Select(Mount.Parse).OfType<Mount>().ToList();
        var unified = Directories(root, groups, mounts, controller: null);
        // A machine with both versions has each controller in one of them, and lists it there.
        var memory = Directories(root, groups, mounts, "memory");
        var cpu = Directories(root, groups, mounts, "cpu");
        return new CgroupPaths(memory.Count == 0, memory.Count == 0 ? unified : memory, cpu.Count == 0 ? unified : cpu);
    }

    /// <param name="root">The root of the file system.</param>
    /// <param name="groups">The lines of <c>/proc/self/cgroup</c>.</param>
    /// <param name="mounts">The mounted hierarchies.</param>
    /// <param name="controller">The controller of version 1; null for the unified hierarchy.</param>
    private static List<string> Directories(string root, IReadOnlyList<string> groups, List<Mount> mounts, string? controller)
    {
        if (groups.Select(line => GroupOf(line, controller)).FirstOrDefault(path => path is not null) is not { } group)
            return [];
        var mount = mounts.Find(mount => mount.Has(controller))
            ?? new Mount("/", controller is null ? DefaultMount : $"{DefaultMount}/{controller}", controller is null, []);
        var top = Path.Join(root, mount.Point);
        var directories = new List<string>();
        for (var below = mount.PathBelow(group); directories.Count < MaxDepth; below = below[..Math.Max(below.LastIndexOf('/'), 0)])
        {
            directories.Add(Path.Join(top, below));
            if (below.Length == 0)
                break;
        }

        return directories;
    }

    /// <summary>The group in a line such as <c>4:memory:/docker/1f2e</c> or <c>0::/</c>; null if it is about another hierarchy.</summary>
    private static string? GroupOf(string line, string? controller)
    {
        var parts = line.Split(':', 3);
        if (parts.Length < 3)
            return null;
        var isIt = controller is null ? parts is ["0", "", _] : parts[1].Split(',').Contains(controller, StringComparer.Ordinal);
        return isIt ? parts[2] : null;
    }

    /// <summary>A mounted hierarchy.</summary>
    /// <param name="Root">The group that is mounted.</param>
    /// <param name="Point">Where it is mounted.</param>
    /// <param name="IsUnified">Whether it is of version 2.</param>
    /// <param name="Controllers">Its controllers, among other options; empty for version 2.</param>
    private sealed record Mount(string Root, string Point, bool IsUnified, string[] Controllers)
    {
        /// <summary>Parses a line of <c>/proc/self/mountinfo</c>; returns null for other file systems.</summary>
        public static Mount? Parse(string line)
        {
            var halves = line.Split(" - ", 2);
            if (halves.Length < 2 || halves[0].Split(' ') is not [_, _, _, var root, var point, ..])
                return null;
            return halves[1].Split(' ') switch
            {
                ["cgroup2", ..] => new Mount(root, point, true, []),
                ["cgroup", _, var options, ..] => new Mount(root, point, false, options.Split(',')),
                _ => null,
            };
        }

        public bool Has(string? controller) =>
            controller is null ? IsUnified : !IsUnified && Controllers.Contains(controller, StringComparer.Ordinal);

        /// <summary>
        /// The path of a group below the mount point, empty for the mounted one. A group outside of it, as seen from within a container,
        /// is not visible: the mounted one is the nearest.
        /// </summary>
        public string PathBelow(string group)
        {
            var mounted = Root == "/" ? "" : Root;
            var isVisible = group.StartsWith(mounted + "/", StringComparison.Ordinal)
                && !group.Split('/').Contains("..", StringComparer.Ordinal);
            return isVisible ? group[mounted.Length..].TrimEnd('/') : "";
        }
    }
}
