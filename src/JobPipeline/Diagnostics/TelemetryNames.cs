namespace JobPipeline.Diagnostics;

/// <summary>The names under which an OpenTelemetry SDK subscribes to the telemetry of the pipeline.</summary>
public static class TelemetryNames
{
    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "JobPipeline";

    /// <summary>The activity source of all spans.</summary>
    public const string Source = "JobPipeline";

    /// <summary>The meter of the process's CPU and memory usage, by Microsoft.Extensions.Diagnostics.ResourceMonitoring.</summary>
    public const string ResourceMeter = "Microsoft.Extensions.Diagnostics.ResourceMonitoring";

    /// <summary>The used share of the CPU time available to the process.</summary>
    public const string Processor = "process.cpu.utilization";

    /// <summary>The used share of the memory available to the process.</summary>
    public const string Memory = "dotnet.process.memory.virtual.utilization";

    /// <summary>
    /// Returns the name under which an instrument of <see cref="ResourceMeter"/> is exported; null if it is not exported. On Linux
    /// the instrument named <see cref="Processor"/> is relative to the container's CPU request, or to one CPU without a request, and
    /// therefore exceeds 1 on larger machines; another instrument replaces it.
    /// </summary>
    public static string? OfResource(string instrument)
    {
        if (instrument == Memory)
            return Memory;
        return instrument == ProcessorInstrument ? Processor : null;
    }

    private static string ProcessorInstrument => OperatingSystem.IsLinux() ? "container.cpu.limit.utilization" : Processor;
}
