using System.Diagnostics;

namespace JobPipeline.Testing.Processes;

/// <summary>Asks a process to end.</summary>
public static class ProcessSignal
{
    /// <summary>As a service manager would (SIGTERM); where there are no signals, by force.</summary>
    public static async Task TerminateAsync(Process process)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }
}
