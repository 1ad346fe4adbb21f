using System.Diagnostics;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.StartUp;

/// <summary>A start of the self-host that is expected to fail.</summary>
internal static class HostStart
{
    /// <summary>Returns the exit code and the lines of standard error. A stack trace on either stream fails the test.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Errors)> RunAsync(string connection, params string[] arguments)
    {
        var (code, _, errors) = await RunAloudAsync(connection, arguments);
        return (code, errors);
    }

    /// <summary>Returns the exit code and the lines of both streams.</summary>
    public static async Task<(int Code, string Output, IReadOnlyList<string> Errors)> RunAloudAsync(
        string connection, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(StartLog).Assembly.Location, $"--JobPipeline:Storage:ConnectionString={connection}", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        // Ignores the developer certificate that this machine may have.
        start.Environment["HOME"] = Path.GetTempPath();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("   at ", await output + await errors, StringComparison.Ordinal);
        return (process.ExitCode, await output, (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
