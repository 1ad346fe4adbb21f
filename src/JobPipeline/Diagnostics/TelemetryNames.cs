namespace JobPipeline.Diagnostics;

/// <summary>What to listen to: the names by which an OpenTelemetry SDK takes in what the pipeline tells.</summary>
public static class TelemetryNames
{
    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "JobPipeline";

    /// <summary>The source of all spans.</summary>
    public const string Source = "JobPipeline";

    /// <summary>The meter of how the process uses its processor and memory, of Microsoft.Extensions.Diagnostics.ResourceMonitoring.</summary>
    public const string ResourceMeter = "Microsoft.Extensions.Diagnostics.ResourceMonitoring";

    /// <summary>The share of the processor time that the process may use.</summary>
    public const string Processor = "process.cpu.utilization";

    /// <summary>The share of the memory that the process may use.</summary>
    public const string Memory = "dotnet.process.memory.virtual.utilization";

    /// <summary>
    /// What an instrument of <see cref="ResourceMeter"/> is called here; null: it is not told. On Linux the one that is called
    /// <see cref="Processor"/> is the share of what the container asked for, one processor where it asked for none, and so
    /// above 1 on any larger machine: another one takes its place.
    /// </summary>
    public static string? OfResource(string instrument)
    {
        if (instrument == Memory)
            return Memory;
        return instrument == ProcessorInstrument ? Processor : null;
    }

    private static string ProcessorInstrument => OperatingSystem.IsLinux() ? "container.cpu.limit.utilization" : Processor;
}
