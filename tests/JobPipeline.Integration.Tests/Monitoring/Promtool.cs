using System.ComponentModel;
using System.Diagnostics;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Prometheus's own tool, as a process.</summary>
internal static class Promtool
{
    /// <summary>Runs it to its end; its exit code and all that it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, $"{await output}{await errors}");
        }
        catch (Win32Exception)
        {
            Assert.Fail("promtool is not on the PATH. Install it with: apt-get install --no-install-recommends prometheus (2.42 or later; or https://prometheus.io/download on other systems).");
            throw;
        }
    }
}
