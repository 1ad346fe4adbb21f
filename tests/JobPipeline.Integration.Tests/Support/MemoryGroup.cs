using System.Diagnostics;
using System.Globalization;

namespace JobPipeline.Integration.Tests.Support;

/// <summary>A control group with a limit on memory and no swap, for processes that a test starts in it. Needs root on Linux.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private const string Mount = "/sys/fs/cgroup";
    private const string Version1 = Mount + "/memory";

    private readonly string _directory;
    private readonly bool _isVersion1;

    private MemoryGroup(string directory, bool isVersion1) => (_directory, _isVersion1) = (directory, isVersion1);

    /// <summary>The command that starts another one in the group.</summary>
    public IReadOnlyList<string> Launcher =>
        ["/bin/sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", _directory];

    /// <summary>The number of processes of the group that were killed because the limit was reached.</summary>
    public long Kills => NumberOf(_isVersion1 ? "memory.oom_control" : "memory.events", "oom_kill");

    /// <summary>The memory in use, page cache included.</summary>
    public long UsedBytes => long.Parse(Read(_isVersion1 ? "memory.usage_in_bytes" : "memory.current"), CultureInfo.InvariantCulture);

    /// <summary>Creates a group, or skips the test where that is not possible.</summary>
    public static MemoryGroup Create(long bytes)
    {
        var isVersion1 = File.Exists($"{Version1}/memory.limit_in_bytes");
        var directory = $"{(isVersion1 ? Version1 : Mount)}/jobpipeline-tests-{Guid.NewGuid():N}";
        try
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Control groups exist on Linux only.");
            Directory.CreateDirectory(directory);
            var group = new MemoryGroup(directory, isVersion1);
            group.Limit(bytes);
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(directory);
            Assert.Skip($"No control group with a memory limit can be made here, which takes root: {e.Message}");
            throw;
        }
    }

    /// <summary>Runs a command in the group to its end.</summary>
    public async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(Launcher[0]);
        foreach (var argument in Launcher.Skip(1).Concat(command))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Removes the group once its last process has ended.</summary>
    public async ValueTask DisposeAsync() =>
        await Eventually.TrueAsync(() => Remove(_directory), $"the control group {Path.GetFileName(_directory)} is empty");

    private static bool Remove(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Limit(long bytes)
    {
        Write(_isVersion1 ? "memory.limit_in_bytes" : "memory.max", bytes);
        if (_isVersion1 && File.Exists($"{_directory}/memory.memsw.limit_in_bytes"))
            Write("memory.memsw.limit_in_bytes", bytes);
        else if (!_isVersion1 && File.Exists($"{_directory}/memory.swap.max"))
            Write("memory.swap.max", 0);
    }

    private long NumberOf(string file, string name) => long.Parse(
        Read(file).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..],
        CultureInfo.InvariantCulture);

    private string Read(string file) => File.ReadAllText($"{_directory}/{file}");

    /// <summary>Writes to a file that the kernel has made: where it has not, the controller is off.</summary>
    private void Write(string file, long value)
    {
        using var stream = new FileStream($"{_directory}/{file}", FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }
}
