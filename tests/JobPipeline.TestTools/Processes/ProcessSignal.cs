using System.Diagnostics;
using System.Runtime.InteropServices;

namespace JobPipeline.TestTools.Processes;

/// <summary>Requests a process to exit.</summary>
internal static class ProcessSignal
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM, as a service manager does. On Windows, which has no signals, it kills the process.</summary>
    public static Task TerminateAsync(Process process)
    {
        if (process.HasExited)
            return Task.CompletedTask;
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
            return Task.CompletedTask;
        }

        // Not with the kill program, which slim images don't have.
        _ = Kill(process.Id, Terminate);
        return Task.CompletedTask;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
