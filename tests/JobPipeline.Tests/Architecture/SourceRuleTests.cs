using System.Text.RegularExpressions;

namespace JobPipeline.Tests.Architecture;

/// <summary>Checks of the source against the rules of STYLE.md that can be automated.</summary>
public sealed partial class SourceRuleTests
{
    private static readonly string[] Sources = [.. Repository.Files("src", "*.cs")];

    private static readonly string[] PureFolders =
        ["src/JobPipeline/Workflows/Definitions/", "src/JobPipeline/Workflows/Machine/", "src/JobPipeline/Alerts/Rules/"];

    public static TheoryData<string> PureFiles => [.. Sources.Where(IsPure)];

    [Fact]
    public void Sources_OfTheProducts_AreFound() => Assert.True(Sources.Length > 80, $"only {Sources.Length} files");

    [Theory]
    [MemberData(nameof(PureFiles))]
    public void PureCode_InEachFile_UsesNoTimeRandomnessLogOrWaiting(string file) =>
        Assert.Empty(ImpureWord().Matches(WithoutComments(file)).Select(match => match.Value));

    [Fact]
    public void Core_Usings_NameNoHostAndNoStorage() => Assert.DoesNotContain(
        Sources, file => file.StartsWith("src/JobPipeline/", StringComparison.Ordinal) && ForeignUsing().IsMatch(Repository.Read(file)));

    [Fact]
    public void Folders_OfTheProducts_AreNamedByFeature()
    {
        string[] forbidden = ["Models", "Helpers", "Interfaces", "Utils"];
        Assert.DoesNotContain(Sources, file => file.Split('/')[..^1].Intersect(forbidden, StringComparer.OrdinalIgnoreCase).Any());
    }

    [Fact]
    public void Types_OfTheProducts_AreNamedByWhatTheyAre() =>
        Assert.Empty(Sources.SelectMany(file => VagueType().Matches(WithoutComments(file)).Select(match => $"{file}: {match.Value}")));

    [Fact]
    public void Classes_OfTheProducts_AreSealedStaticOrAbstract() =>
        Assert.Empty(
            Sources.SelectMany(file => OpenClass().Matches(WithoutComments(file)).Select(match => $"{file}: {match.Value.Trim()}")));

    [Fact]
    public void Files_OfTheProducts_AreSmall()
    {
        var lengths = Sources
            .Select(file => (File: file, Lines: Repository.Read(file).AsSpan().Count('\n')))
            .OrderBy(entry => entry.Lines)
            .ToList();
        Assert.DoesNotContain(lengths, entry => entry.Lines > 250);
        Assert.InRange(lengths[lengths.Count / 2].Lines, 1, 79);
    }

    [Theory]
    [InlineData("src/JobPipeline/Jobs/DeliveryDecision.cs", true)]
    [InlineData("src/JobPipeline/Jobs/JobTransition.cs", true)]
    [InlineData("src/JobPipeline/Jobs/RetrySchedule.cs", true)]
    [InlineData("src/JobPipeline/Workflows/Machine/Turn.cs", true)]
    [InlineData("src/JobPipeline/Workflows/Instances/WorkflowStarter.cs", false)]
    [InlineData("src/JobPipeline.Http/Jobs/QueryRules.cs", false)]
    public void IsPure_OfEachFile_FollowsTheConvention(string file, bool expected) => Assert.Equal(expected, IsPure(file));

    [Theory]
    [InlineData("class Plain", true)]
    [InlineData("internal partial class Plain", true)]
    [InlineData("public record Plain(int A)", true)]
    [InlineData("internal sealed class Fine", false)]
    [InlineData("public static partial class Fine", false)]
    [InlineData("public readonly record struct Fine", false)]
    [InlineData("public abstract record Fine", false)]
    [InlineData("where T : class", false)]
    public void OpenClassPattern_OnEachDeclaration_MatchesOpenClassesOnly(string line, bool isOpen) =>
        Assert.Equal(isOpen, OpenClass().IsMatch(line));

    /// <summary>Whether a file is pure by its name or its folder.</summary>
    private static bool IsPure(string file) =>
        PureFolders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)) || PureName().IsMatch(file);

    private static string WithoutComments(string file) => Comment().Replace(Repository.Read(file), "");

    [GeneratedRegex(@"//[^\n]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^src/JobPipeline/.*(Decision|Rules|Machine|Schedule|Transition)\.cs$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PureName();

    [GeneratedRegex(
        @"\b(async|await|Task|ValueTask|TimeProvider|ILogger|Random|RandomNumberGenerator|NewGuid|DateTime|UtcNow|Stopwatch|"
            + @"File|HttpClient)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex ImpureWord();

    [GeneratedRegex(
        @"\busing\s+(static\s+)?(Azure|Microsoft\.AspNetCore|Microsoft\.Azure|Microsoft\.DurableTask)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex ForeignUsing();

    [GeneratedRegex(
        @"\b(class|record|struct|interface|enum)\s+\w*(Manager|Processor|Utils?|Helpers?)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex VagueType();

    [GeneratedRegex(
        @"^[ \t]*(?!.*\b(sealed|static|abstract|struct)\b)"
            + @"((public|internal|private|protected|file|partial|readonly)\s+)*(class|record)\s+\w+",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex OpenClass();
}
