using System.Text.RegularExpressions;

namespace JobPipeline.Tests.Architecture;

/// <summary>Checks that no tracked file contains a path of a developer's machine or the address of a package registry.</summary>
public sealed partial class TrackedFileTests
{
    private static readonly string[] Texts =
    [
        ".cs", ".csproj", ".props", ".targets", ".json", ".md", ".yml", ".yaml", ".bicep", ".sln", ".js", ".html",
        ".css", ".txt", ".editorconfig",
    ];

    /// <summary>This file, which contains the forbidden patterns.</summary>
    private const string Self = "tests/JobPipeline.Tests/Architecture/TrackedFileTests.cs";

    [Fact]
    public void Files_InTheRepository_ContainNoMachinePathsOrRegistries()
    {
        var files = Repository
            .Files(".", "*")
            .Where(file => Texts.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && file != Self)
            .ToList();
        Assert.True(files.Count > 100, $"only {files.Count} files");
        Assert.Empty(
            files.SelectMany(file => MachineOrRegistry().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}")));
    }

    [Fact]
    public void LockFile_OfNpm_HasNoAddresses() =>
        Assert.DoesNotContain("\"resolved\"", Repository.Read("package-lock.json"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/home/ada/src", true)]
    [InlineData("C:\\Users\\ada", true)]
    [InlineData("https://registry.npmjs.org/azurite", true)]
    [InlineData("https://pkgs.dev.azure.com/ada", true)]
    [InlineData("GET /api/jobs", false)]
    [InlineData("https://learn.microsoft.com/dotnet", false)]
    public void MachineOrRegistryPattern_OnEachText_MatchesForbiddenTextsOnly(string text, bool isForbidden) =>
        Assert.Equal(isForbidden, MachineOrRegistry().IsMatch(text));

    [GeneratedRegex(
        @"(?<![\w.:/])/(home|Users|root|work|mnt|tmp)/\w+|\b[A-Z]:\\Users\\"
            + @"|https?://[\w.-]*(registry\.|artifactory|nexus|api\.nuget\.org|pkgs\.dev\.azure\.com)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex MachineOrRegistry();
}
