#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using System.Diagnostics;
using System.Runtime.InteropServices;

// One door to everything: dotnet run dev.cs demo | up [--host func] | test [--chaos] | bench | rules | lint. It calls the tools; the logic is theirs.
const string Demo = "samples/JobPipeline.Demo";
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
return args switch
{
    ["demo"] => InstallAzurite() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "demo"),
    ["up", "--host", "func"] => InstallAzurite() ?? ChoosePackages() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "up", "--host", "func"),
    ["up", .. var options] => InstallAzurite() ?? Run("dotnet", ["run", "--project", Demo, "-c", "Release", "--", "up", .. options]),
    ["test", "--chaos"] => InstallAzurite() ?? Chaos(),
    ["test", .. var filter] => InstallAzurite() ?? ChoosePackages() ?? Test(filter),
    ["bench", .. var options] => InstallAzurite() ?? Run("dotnet", ["run", "--project", "tests/benchmarks/JobPipeline.Benchmarks", "-c", "Release", "--", .. options]),
    ["rules"] => Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "rules"),
    ["lint"] => ChoosePackages() ?? Run("dotnet", "build", "Functions.sln"),
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

// Some registries lack the Functions packages. Asked once; src/JobPipeline.Functions/Packages.props reads the answer. Null: go on.
static int? ChoosePackages()
{
    const string answer = ".functions-packages";
    if (!File.Exists(answer))
    {
        Console.WriteLine("Asking the package registry for the Functions packages ...");
        var output = new List<string>();
        var code = Pipe(output.Add, "dotnet", ["build", "src/JobPipeline.Functions"]);
        var lacksThem = output.Exists(line => line.Contains("NU1101") || line.Contains("NU1102"));
        if (code != 0 && !lacksThem)
        {
            output.ForEach(Console.WriteLine);
            return code;
        }

        File.WriteAllText(answer, lacksThem ? "stand-ins" : "packages");
    }

    Console.WriteLine(File.ReadAllText(answer).Trim() == "stand-ins"
        ? $"*** STAND-INS in place of the Functions packages: the registry lacks them. The triggers are compiled and tested; the Functions app can't run or be published from here. Delete {answer} to ask again. ***"
        : "The Functions app is built with the real packages.");
    return null;
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

// One minute of faults made on purpose, told as it goes on; "test" alone runs a shorter one among all others.
static int Chaos()
{
    Environment.SetEnvironmentVariable("JOBPIPELINE_CHAOS_SECONDS", "60");
    return Run("dotnet", "run", "--project", "tests/JobPipeline.Integration.Tests", "--", "-class", "*.ChaosTests", "-showliveoutput");
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
    Console.Error.WriteLine("dotnet run dev.cs demo | up [--host func] | test [--chaos] | bench | rules | lint");
    return 64;
}
