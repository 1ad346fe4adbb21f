namespace JobPipeline.Tests.Architecture;

/// <summary>Tests are named <c>Method_Condition_Outcome</c>.</summary>
public sealed class TestNameTests
{
    public static TheoryData<string> Projects => [.. TestProjects.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Tests_OfEachProject_HaveNamesOfThreeParts(string project)
    {
        var tests = TestProjects.Sources(project).SelectMany(TestProjects.TypesOf).SelectMany(TestProjects.TestsOf).ToList();

        Assert.NotEmpty(tests);
        Assert.DoesNotContain(tests, test => !HasThreeParts(test));
    }

    [Theory]
    [InlineData("Method_Condition_Outcome", true)]
    [InlineData("Method_Condition_Outcome_More", true)]
    [InlineData("Method_Outcome", false)]
    [InlineData("Method__Outcome", false)]
    [InlineData("Outcome", false)]
    public void HasThreeParts_OfEachName_DecidesByItsParts(string name, bool expected) => Assert.Equal(expected, HasThreeParts(name));

    private static bool HasThreeParts(string name) => name.Split('_') is { Length: >= 3 } parts && parts.All(part => part.Length > 0);
}
