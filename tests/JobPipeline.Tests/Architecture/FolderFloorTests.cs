namespace JobPipeline.Tests.Architecture;

/// <summary>Each folder of the core has a floor and uses only folders on lower floors.</summary>
public sealed class FolderFloorTests
{
    /// <summary>From the lowest floor up. Folders of one entry share a floor and do not use each other.</summary>
    internal static readonly string[][] Floors =
    [
        ["Jobs"],
        ["Configuration"],
        ["Handlers"],
        ["Instances"],
        ["Diagnostics"],
        ["Enqueueing"],
        ["Limits"],
        ["Failures"],
        ["Execution"],
        ["Workflows", "Scheduling"],
        ["Maintenance"],
        ["Alerts"],
        ["Hosting"],
    ];

    [Fact]
    public void Core_InEachFolder_UsesLowerFloorsOnly()
    {
        var uses = CoreFolders.Uses(CoreFolders.Sources());
        Assert.True(uses.Count > 500, $"only {uses.Count} uses across folders were found");
        Assert.Empty(BackEdges(uses));
    }

    [Fact]
    public void Core_InItsTopLevelFolders_MatchesTheFloors() =>
        Assert.Empty(
            CoreFolders.Sources().Select(source => source.Path.Split('/')[0]).Distinct().Except(Floors.SelectMany(floor => floor)));

    [Theory]
    [InlineData("private static readonly System.Type Planted = typeof(Alerts.AlertOptions);", "AlertOptions")]
    [InlineData("private const string Planted = nameof(Hosting.JobPipelineServices);", "JobPipelineServices")]
    [InlineData("private static object Planted() => new Workflows.Definitions.WorkflowBuilder(\"planted\");", "WorkflowBuilder")]
    public void BackEdges_WithAPlantedUseOfAHigherFloor_FindIt(string member, string type)
    {
        var planted = ("Jobs/Planted.cs", $"namespace JobPipeline.Jobs; internal static class PlantedClass {{ {member} }}");
        var edge = Assert.Single(
            BackEdges(CoreFolders.Uses(CoreFolders.Sources().Append(planted))), edge => edge.File == "Jobs/Planted.cs");
        Assert.Equal(type, edge.Type);
    }

    private static IEnumerable<FolderUse> BackEdges(IEnumerable<FolderUse> uses) => uses.Where(use => FloorOf(use.To) >= FloorOf(use.From));

    private static int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder, StringComparer.Ordinal));
}
