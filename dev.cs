#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using System.Diagnostics;
using System.Runtime.InteropServices;

// One door to everything: dotnet run dev.cs demo | up | test | bench | lint. It calls the tools; the logic is theirs.
const string Demo = "samples/JobPipeline.Demo";
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
return args switch
{
    ["demo"] => InstallAzurite() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "demo"),
    ["up"] => InstallAzurite() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "up"),
    ["test", .. var filter] => InstallAzurite() ?? Test(filter),
    ["bench", .. var options] => InstallAzurite() ?? Run("dotnet", ["run", "--project", "tests/benchmarks/JobPipeline.Benchmarks", "-c", "Release", "--", .. options]),
    ["lint"] => Run("dotnet", "build", "Functions.sln") is not 0 and var failed ? failed : Run("dotnet", "format", "Functions.sln", "--verify-no-changes", "--no-restore"),
    _ => Usage(),
};

// Azurite comes from npm, pinned by package-lock.json. Null: it is there.
static int? InstallAzurite()
{
    var installed = new FileInfo("node_modules/.package-lock.json");
    if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc("package-lock.json"))
        return null;
    Console.WriteLine("Installing Azurite (npm ci) ...");
    return Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--no-audit", "--no-fund") is not 0 and var failed ? failed : null;
}

static int Test(string[] filter)
{
    // The runner's own summary: "  succeeded: 12".
    string passed = "0", failed = "0", skipped = "0";
    var code = Pipe(line =>
    {
        Console.WriteLine(line);
        _ = line.TrimStart().Split(": ") switch
        {
            ["succeeded", var count] => passed = count,
            ["failed", var count] => failed = count,
            ["skipped", var count] => skipped = count,
            _ => null,
        };
    }, "dotnet", ["test", "--solution", "Functions.sln", .. filter]);
    Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    return code;
}

static int Run(string program, params string[] arguments) => Pipe(null, program, arguments);

static int Pipe(Action<string>? output, string program, string[] arguments)
{
    try
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = output is not null, UseShellExecute = false })!;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        });
        while (output is not null && process.StandardOutput.ReadLine() is { } line)
            output(line);
        process.WaitForExit();
        return process.ExitCode;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        Console.Error.WriteLine($"'{program}' is not on the PATH. JobPipeline needs the .NET 10 SDK and Node.js 20 or later.");
        return 127;
    }
}

static int Usage()
{
    Console.Error.WriteLine("dotnet run dev.cs demo | up | test | bench | lint");
    return 64;
}
