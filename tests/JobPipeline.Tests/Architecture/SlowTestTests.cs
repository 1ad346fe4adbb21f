namespace JobPipeline.Tests.Architecture;

/// <summary>The fast tests start no process and no Azurite: whatever does carries the trait.</summary>
public sealed class SlowTestTests
{
    private const string Tools = "tests/JobPipeline.TestTools";
    private const string Fixture = "class Fixture { void Start() => Process.Start(new ProcessStartInfo()); }";

    public static TheoryData<string> Projects => [.. TestProjects.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Classes_ThatStartAProcess_CarryTheTrait(string project) =>
        Assert.Empty(SlowTests.Unmarked(TestProjects.Sources(project).Concat(Repository.Files(Tools, "*.cs").Select(Repository.Read))));

    [Theory]
    [InlineData("class Planted { [Fact] void A() => Process.Start(new ProcessStartInfo()); }", true)]
    [InlineData("class Planted(Fixture fixture) { [Theory] void A() { } }", true)]
    [InlineData("class Planted { [Fact] void A() => new Rig(); } class Rig { Fixture fixture; }", true)]
    [InlineData("class Planted(Fixture fixture) : Suite { } abstract class Suite { [Fact] public void A() { } }", true)]
    [InlineData("partial class Planted { [Fact] void A() { } } partial class Planted { Fixture fixture; }", true)]
    [InlineData("[Slow] class Planted(Fixture fixture) { [Fact] void A() { } }", false)]
    [InlineData("class Planted { /* as Fixture does */ [Fact] void A() { } }", false)]
    [InlineData("class Planted(Fixture fixture) { }", false)]
    public void Unmarked_OfAPlantedClass_FindsWhatStartsAProcess(string source, bool isFound) =>
        Assert.Equal(isFound ? ["Planted"] : [], SlowTests.Unmarked([source, Fixture]));
}
