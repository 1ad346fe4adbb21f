using System.Text.RegularExpressions;
using JobPipeline.Configuration;

namespace JobPipeline.Tests.Hosting;

/// <summary>Compares the list of known settings with the sections and job types that the source declares.</summary>
public sealed partial class KnownSettingsTests
{
    private const int MatchLimit = 60_000;

    [Fact]
    public void Sections_OfEveryPart_AreKnown()
    {
        var declared = Sources().SelectMany(source => SectionConstant().Matches(source).Select(match => match.Groups[1].Value))
            .Select(section => section.Replace("{BuiltInOptions.Section}", "JobPipeline:BuiltIn", StringComparison.Ordinal))
            .Where(section => section.StartsWith($"{JobPipelineOptions.Section}:", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);

        Assert.Contains("JobPipeline:Http", declared);
        Assert.All(declared, section => Assert.True(KnownSettings.IsSection(section), $"{section} is missing in KnownSettings"));
        Assert.Equal(
            declared.Where(section => section.Count(c => c == ':') == 1).Select(section => section.Split(':')[1])
                .Order(StringComparer.Ordinal),
            KnownSettings.SectionsBelow("JobPipeline").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void JobTypes_OfEveryPart_AreKnown()
    {
        var sources = Sources().ToList();
        var constants = sources.SelectMany(source => TypeConstant().Matches(source).Select(match => match.Groups[1].Value));
        var literals = sources.SelectMany(source => JobLiteral().Matches(source).Select(match => match.Groups[1].Value));

        Assert.Equal(
            constants.Concat(literals).Distinct().Order(StringComparer.Ordinal), KnownSettings.JobTypes.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources() => Repository.Files("src", "*.cs").Select(Repository.Read);

    [GeneratedRegex("const string Section = \\$?\"(?<section>[^\"]+)\"", RegexOptions.ExplicitCapture, MatchLimit)]
    private static partial Regex SectionConstant();

    /// <summary>Dotted names in classes with [Job(Type…)], and the constants of <c>AlertJobs</c> and <c>WorkflowStart</c>.</summary>
    [GeneratedRegex("const string (?:Type|JobType|Webhook|Email) = \"(?<type>[a-z-]+\\.[a-z-]+)\"", RegexOptions.ExplicitCapture,
        MatchLimit)]
    private static partial Regex TypeConstant();

    [GeneratedRegex("^\\[Job\\(\"(?<type>[^\"]+)\"", RegexOptions.Multiline | RegexOptions.ExplicitCapture, MatchLimit)]
    private static partial Regex JobLiteral();
}
