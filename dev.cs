#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using System.Diagnostics;
using System.Runtime.InteropServices;

// The entry point for every task: dotnet run dev.cs help. It only calls the tools.
const string Demo = "samples/JobPipeline.Demo";
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
return args switch
{
    ["help" or "--help" or "-h" or "-?" or "/?", ..] or [_, "--help" or "-h"] => Help(Console.Out, exitCode: 0),
    ["demo"] => InstallAzurite() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "demo"),
    ["up"] => InstallAzurite() ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "up"),
    ["up", "--host", ("self" or "func") and var host] =>
        InstallAzurite() ?? (host == "func" ? ChoosePackages() : null)
            ?? Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "up", "--host", host),
    ["test", "--chaos"] => InstallAzurite() ?? Chaos(),
    // No Azurite: the fast tests start none. A project without a fast test is no failure: exit code 8.
    ["test", "fast", .. var filter] =>
        ChoosePackages() ?? Test(["--filter-not-trait", "Category=Slow", "--ignore-exit-code", "8", .. filter], isFast: true),
    ["test", .. var filter] => InstallAzurite() ?? ChoosePackages() ?? Test(filter),
    ["bench", .. var options] => InstallAzurite()
        ?? Run("dotnet", ["run", "--project", "tests/benchmarks/JobPipeline.Benchmarks", "-c", "Release", "--", .. options]),
    ["rules"] => Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "rules"),
    ["docs"] => Run("dotnet", "run", "--project", Demo, "-c", "Release", "--", "docs"),
    ["lint"] => ChoosePackages() ?? Run("dotnet", "build", "Functions.sln", "-warnaserror"),
    [] => Help(Console.Error, exitCode: 64),
    _ => Unknown(),
};

// Installs Azurite from npm, pinned by package-lock.json. Returns null when it is installed.
static int? InstallAzurite()
{
    var installed = new FileInfo("node_modules/.package-lock.json");
    if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc("package-lock.json"))
        return null;
    Console.WriteLine("Installing Azurite (npm ci) ...");
    // Azurite's packages ask for a newer Node.js than they need: their warnings would fill the screen.
    var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
    return Run(npm, "ci", "--no-audit", "--no-fund", "--loglevel", "error") is not 0 and var failed ? failed : null;
}

// Some registries lack the Functions packages. Asks once; src/JobPipeline.Functions/Packages.props reads the answer. Returns
// null on success.
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
        ? "*** STAND-INS in place of the Functions packages, which the registry lacks. The triggers are compiled and tested, "
            + $"but the Functions app can't run or be published from here. Delete {answer} to ask again. ***"
        : "The Functions app is built with the real packages.");
    return null;
}

static int Test(string[] filter, bool isFast = false)
{
    // Reads the summary of the test runner: "  succeeded: 12".
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
    foreach (var line in isFast ? ["", "The slow tests were left out: 'dotnet run dev.cs test' runs all."] : LeftOut())
        Console.WriteLine(line);
    Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    return code;
}

// With CI=true the same tests fail instead: CI must not skip tests.
static IEnumerable<string> LeftOut()
{
    List<string> missing = ["prometheus", "promtool"];
    missing.RemoveAll(IsOnPath);
    if (missing.Count == 0 || Environment.GetEnvironmentVariable("CI") == "true")
        yield break;
    yield return "";
    yield return $"Skipped because of missing {string.Join(" and ", missing)}: the tests of the alert rules and of the Prometheus metrics.";
    yield return "To run them, install Prometheus 2.42 or later, with both programs on the PATH: 'sudo .ci/install-prometheus' on Debian";
    yield return "and Ubuntu, 'brew install prometheus' on macOS, https://prometheus.io/download elsewhere.";
}

static bool IsOnPath(string program) =>
    (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
    .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));

// One minute of injected faults with live output; "test" alone runs a shorter one among all others.
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
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = output is not null, UseShellExecute = false })!;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = Kill(process.Id, 15);
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

static int Unknown()
{
    Console.Error.WriteLine($"dev.cs has no command '{string.Join(' ', Environment.GetCommandLineArgs()[1..])}'.");
    return Help(Console.Error, exitCode: 64);
}

static int Help(TextWriter output, int exitCode)
{
    output.WriteLine("""
        Usage: dotnet run dev.cs <command>

          demo               drops sample messages, kills the host half-way and shows how everything ends
          up                 starts the pipeline on this machine and stays until Ctrl+C; takes the settings of the environment,
                             and starts Azurite unless one of them names a storage
          up --host func     starts it as an Azure Functions app, under Azure Functions Core Tools
          test [options]     runs every test; options go to 'dotnet test', for example --filter-class *.CrashTests
          test fast [...]    runs the tests that start no process and no Azurite, in two minutes
          test --chaos       runs three workers for a minute with faults made on purpose, and judges the outcome
          bench [options]    prints how fast it is, beside the bare SDK and peers, in about half an hour; --quick takes minutes,
                             --only 8 9 runs some, --list names them, --simulate prints the table of docs/scaling.md
          rules              writes infra/monitoring/prometheus-rules.yml from the alert rules
          docs               writes the reference of settings in docs/configuration.md from the options classes
          lint               builds everything with all analyzers; a warning fails the build
          help               prints this text, as does 'dotnet run dev.cs -- --help' ('dotnet run dev.cs --help' is dotnet's own)
        """);
    return exitCode;
}

[DllImport("libc", EntryPoint = "kill")]
static extern int Kill(int process, int signal);
