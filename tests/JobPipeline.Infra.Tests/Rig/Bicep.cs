using System.Diagnostics;
using System.Reflection;

namespace JobPipeline.Infra.Tests.Rig;

/// <summary>The Bicep compiler, which also lints infra/ in each build.</summary>
internal static class Bicep
{
    private static readonly string Program =
        typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BicepCli").Value!;

    /// <summary>Runs the compiler and returns its standard output and its standard error, which has the warnings.</summary>
    public static async Task<(string Output, string Errors)> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) 
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output, errors)
            : throw new InvalidOperationException($"bicep {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}");
    }
}
