using System.Globalization;
using System.Runtime.InteropServices;

namespace JobPipeline.Benchmarks.Report;

/// <summary>Describes the machine, for the report.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    public static string Describe(BenchScale scale)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(scale.IsQuick ? "A quick run, with few rounds and small sizes. " : "")}"
                + $"{Environment.ProcessorCount} cores, {memory:f0} GiB, "
                + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average at the start: {Load()}.");
    }

    private static string Load() => File.Exists(LoadFile) ? string.Join(' ', File.ReadAllText(LoadFile).Split(' ').Take(3)) : "unknown";
}
