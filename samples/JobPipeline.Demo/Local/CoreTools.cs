using System.ComponentModel;
using System.Diagnostics;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Demo.Local;

/// <summary>Azure Functions Core Tools: the Functions host on this machine.</summary>
internal static class CoreTools
{
    private const string Project = "src/JobPipeline.Functions";
    private const string PackagesFile = ".functions-packages";

    /// <exception cref="InvalidOperationException">The Functions app can't run here; the message states the remedy.</exception>
    public static void Check()
    {
        if (File.Exists(PackagesFile) && File.ReadAllText(PackagesFile).Trim() == "stand-ins")
        {
            throw new InvalidOperationException(
                "The package registry of this machine lacks the Functions packages, so the Functions app is built with stand-ins and can't "
                    + "run. 'dotnet run dev.cs up' starts the same pipeline without them; "
                    + $"delete {PackagesFile} to ask the registry again.");
        }

        try
        {
            using var version = Process.Start(Command("--version"))!;
            version.WaitForExit();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                "Azure Functions Core Tools ('func') are not installed. Install them with 'npm i -g azure-functions-core-tools@4', "
                    + "or start the same pipeline without them: dotnet run dev.cs up",
                e);
        }
    }

    /// <summary>
    /// Builds the app and starts the host in its output folder, which contains both settings files. This is the way of the SDK, which
    /// finds that folder only from the project's folder.
    /// </summary>
    public static Process Start() =>
        Process.Start(new ProcessStartInfo("dotnet", ["run"]) { WorkingDirectory = Project, UseShellExecute = false })!;

    /// <summary>Stops the host like a service manager does.</summary>
    public static Task StopAsync(Process tools) => tools.HasExited ? Task.CompletedTask : ProcessSignal.TerminateAsync(tools);

    private static ProcessStartInfo Command(string argument) => OperatingSystem.IsWindows()
        ? new ProcessStartInfo("cmd", ["/C", "func", argument]) { UseShellExecute = false, RedirectStandardOutput = true }
        : new ProcessStartInfo("func", [argument]) { UseShellExecute = false, RedirectStandardOutput = true };
}
