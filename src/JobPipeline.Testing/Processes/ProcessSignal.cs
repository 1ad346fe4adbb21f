using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobPipeline.Testing.Processes;

/// <summary>Asks a process to end.</summary>
public static class ProcessSignal
{
    private const int Terminate = 15;

    /// <summary>As a service manager would (SIGTERM); where there are no signals, by force.</summary>
    public static Task TerminateAsync(Process process)
    {
        if (process.HasExited)
            return Task.CompletedTask;
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
            return Task.CompletedTask;
        }

        // Not the program of that name: a slim image has none.
        _ = Kill(process.Id, Terminate);
        return Task.CompletedTask;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
