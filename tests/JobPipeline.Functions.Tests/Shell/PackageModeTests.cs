using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using JobPipeline.Functions.Queues;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The app is published with the real packages; stand-ins are for machines that can't restore them.</summary>
[Slow]
public sealed class PackageModeTests
{
    private const string StandIns = "JobPipeline.StandIns";
    private const string Switch = "src/JobPipeline.Functions/Packages.props";
    private const string Project = "src/JobPipeline.Functions/JobPipeline.Functions.csproj";

    /// <summary>The only property that is set to <c>true</c> in the switch file.</summary>
    private static string Property { get; } =
        XDocument.Parse(Repository.Read(Switch)).Descendants("PropertyGroup").Elements().Single(e => e.Value == "true").Name.LocalName;

    [Fact]
    public void Property_OfTheSwitch_IsNamedInOnePlace() => Assert.Equal(
        [Switch],
        Repository.Files(".", "*").Where(file => !IsBinary(file) && Repository.Read(file).Contains(Property, StringComparison.Ordinal)));

    [Fact]
    public async Task RealMode_Evaluated_ReferencesThePackagesAndNoStandIn()
    {
        var items = await EvaluateAsync(Project, "false");
        Assert.DoesNotContain(items.GetProperty("ProjectReference").EnumerateArray(), IsStandIn);
        Assert.Contains(
            items.GetProperty("PackageReference").EnumerateArray(),
            package => Identity(package) == "Microsoft.Azure.Functions.Worker");
        Assert.Contains(
            items.GetProperty("PackageReference").EnumerateArray(),
            package => Identity(package) == "Microsoft.Azure.Functions.Worker.Sdk");
    }

    [Fact]
    public async Task StandInMode_Evaluated_ReferencesNoFunctionsPackage()
    {
        var items = await EvaluateAsync(Project, "true");
        Assert.Contains(items.GetProperty("ProjectReference").EnumerateArray(), IsStandIn);
        Assert.DoesNotContain(
            items.GetProperty("PackageReference").EnumerateArray(),
            package => Identity(package).StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
    }

    [Fact]
    public void Project_OfTheProduct_ReferencesStandInsOnlyByTheSwitch() => Assert.Equal(
        [Switch],
        Repository.Files("src", "*").Where(
            file => !IsBinary(file)
                && !file.EndsWith(".lock.json", StringComparison.Ordinal)
                && Repository.Read(file).Contains(StandIns, StringComparison.Ordinal)));

    [Fact]
    public void LockFiles_OfTheApp_AreOneForEachMode()
    {
        Assert.DoesNotContain(
            StandIns, Repository.Read("src/JobPipeline.Functions/packages.lock.json"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "Microsoft.Azure.Functions.Worker.Sdk",
            Repository.Read("src/JobPipeline.Functions/packages.lock.json"),
            StringComparison.Ordinal);
        Assert.Contains(
            StandIns, Repository.Read("src/JobPipeline.Functions/packages.stand-ins.lock.json"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            "Microsoft.Azure.Functions.Worker",
            Repository.Read("src/JobPipeline.Functions/packages.stand-ins.lock.json"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void StandIns_AsAProject_AreNeverPackedAndNeverPublished()
    {
        var project = XDocument.Parse(Repository.Read("tests/stand-ins/JobPipeline.StandIns.csproj"));
        Assert.Equal("false", project.Descendants("IsPackable").Single().Value);
        Assert.Equal("false", project.Descendants("IsPublishable").Single().Value);
    }

    /// <summary>The build uses either only real packages, or only stand-ins and can't be published.</summary>
    [Fact]
    public async Task App_Built_UsesOneMode()
    {
        var references = typeof(PriorityQueueTriggers).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();
        if (typeof(FunctionAttribute).Assembly.GetName().Name != StandIns)
        {
            Assert.DoesNotContain(StandIns, references);
            Assert.DoesNotContain(
                StandIns,
                await File.ReadAllTextAsync(
                    Path.Combine(AppContext.BaseDirectory, "JobPipeline.Functions.deps.json"), TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
            return;
        }

        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
        var (code, output) = await RunAsync("msbuild", Project, "-t:RefuseToPublishStandIns", $"-p:{Property}=true", "-nologo");
        Assert.NotEqual(0, code);
        Assert.Contains("built with stand-ins", output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> EvaluateAsync(string project, string value)
    {
        var (code, output) = await RunAsync(
            "msbuild", project, $"-p:{Property}={value}", "-getItem:ProjectReference", "-getItem:PackageReference");
        Assert.True(code == 0, output);
        return JsonDocument.Parse(output).RootElement.GetProperty("Items");
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    private static string Identity(JsonElement item) => item.GetProperty("Identity").GetString()!;

    private static bool IsStandIn(JsonElement item) => Identity(item).Contains(StandIns, StringComparison.Ordinal);

    private static bool IsBinary(string file) => Path.GetExtension(file) is ".dll" or ".pdb" or ".png" or ".cache";
}
