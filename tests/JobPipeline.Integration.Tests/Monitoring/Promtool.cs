using System.Diagnostics;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The promtool process of Prometheus.</summary>
internal static class Promtool
{
    private const string Program = "promtool";

    /// <summary>Runs promtool and returns its exit code and its output. Skips the test if promtool is not installed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        RequiredTool.Require(Program);
        var token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(
            Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        return (process.ExitCode, $"{await output}{await errors}");
    }
}
