using System.Xml.Linq;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Architecture;

/// <summary>Tests of which projects and packages each project may reference.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly string[] All =
    [
        "JobPipeline",
        "JobPipeline.AzureStorage",
        "JobPipeline.Http",
        "JobPipeline.BuiltIn",
        "JobPipeline.Telemetry",
    ];

    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["JobPipeline"] = [],
        ["JobPipeline.AzureStorage"] = ["JobPipeline"],
        ["JobPipeline.Testing"] = ["JobPipeline"],
        ["JobPipeline.Http"] = ["JobPipeline"],
        ["JobPipeline.BuiltIn"] = ["JobPipeline"],
        ["JobPipeline.Telemetry"] = ["JobPipeline"],
        ["JobPipeline.Cli"] = [],
        ["JobPipeline.Functions"] = All,
        ["JobPipeline.SelfHost"] = All,
    };

    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["JobPipeline"] = ["Polly.Core", "Microsoft.Extensions.", "Cronos"],
        ["JobPipeline.BuiltIn"] = ["Azure.", "CsvHelper", "JmesPath.Net", "MailKit", "Microsoft.Extensions."],
        ["JobPipeline.Telemetry"] = ["Azure.Identity", "Azure.Monitor.OpenTelemetry.Exporter", "OpenTelemetry.", "Microsoft.Extensions."],
        ["JobPipeline.Cli"] = ["System.CommandLine", "Spectre.Console", "Microsoft.Extensions."],
    };

    private static readonly string[] WithAspNetCore = ["JobPipeline.Http", "JobPipeline.Functions", "JobPipeline.SelfHost"];

    public static TheoryData<string> ProjectFiles => [.. Repository.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(ProjectFiles))]
    public void Project_OfTheProduct_ReferencesOnlyWhatTheTableAllows(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        Assert.True(Projects.TryGetValue(name, out var allowed), $"{name} has no row in the table of allowed references");
        var project = XDocument.Parse(Repository.Read(file));
        Assert.Empty(
            Includes(project, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
                .Except(allowed, StringComparer.Ordinal));
        if (Packages.TryGetValue(name, out var packages))
            Assert.All(Includes(project, "PackageReference"), package => Assert.Contains(packages, allowed => IsOf(package, allowed)));
        if (!WithAspNetCore.Contains(name, StringComparer.Ordinal))
        {
            Assert.Empty(Includes(project, "FrameworkReference"));
            Assert.Equal("Microsoft.NET.Sdk", project.Root!.Attribute("Sdk")!.Value);
        }
    }

    [Fact]
    public void Core_Assembly_ReferencesNoHostAndNoStorage()
    {
        string[] allowed = ["System", "System.", "netstandard", "Microsoft.Extensions.", "Polly.Core", "Cronos"];
        var references = typeof(JobId).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, reference => Assert.Contains(allowed, prefix => IsOf(reference, prefix)));
    }

    [Fact]
    public void Core_Namespaces_AreNamedAfterFeatures()
    {
        var features = FolderFloorTests.Floors.SelectMany(floor => floor).ToList();
        Assert.All(
            typeof(JobId).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("JobPipeline", StringComparison.Ordinal) == true),
            type => Assert.Contains(features, feature => type.Namespace!.Split('.').ElementAtOrDefault(1) == feature));
    }

    private static IEnumerable<string> Includes(XDocument project, string item) =>
        project.Descendants(item).Select(e => e.Attribute("Include")?.Value).OfType<string>();

    private static bool IsOf(string name, string allowed) =>
        allowed.EndsWith('.') ? name.StartsWith(allowed, StringComparison.Ordinal) : name == allowed;
}
